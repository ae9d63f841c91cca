// As much of a DNS message as the journeys need to look into: the question, the flags and EDNS (RFC 1035 §4.1, RFC 6891).
import { connect } from "node:net";

const TYPES = {
  1: "A", 2: "NS", 5: "CNAME", 6: "SOA", 12: "PTR", 15: "MX", 16: "TXT", 28: "AAAA", 33: "SRV", 43: "DS", 46: "RRSIG", 47: "NSEC",
  48: "DNSKEY", 50: "NSEC3", 52: "TLSA", 64: "SVCB", 65: "HTTPS", 257: "CAA",
};
const NUMBERS = Object.fromEntries(Object.entries(TYPES).map(([number, name]) => [name, Number(number)]));

/** A query as RFC 8484 wants it: id 0, RD and CD, EDNS with DO. */
export function encodeQuery(name, type) {
  const labels = name.split(".").filter(Boolean).map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label, "latin1")]));
  const question = Buffer.concat([...labels, Buffer.from([0, 0, NUMBERS[type] ?? type, 0, 1])]);
  if (NUMBERS[type] > 255) question.writeUInt16BE(NUMBERS[type], question.length - 4);
  const header = Buffer.from([0, 0, 0x01, 0x10, 0, 1, 0, 0, 0, 0, 0, 1]);
  const opt = Buffer.from([0, 0, 41, 0x04, 0xd0, 0, 0, 0x80, 0, 0, 0]);
  return Buffer.concat([header, question, opt]);
}

/** What stands in a message's header and question. Throws where the bytes are no message. */
export function readMessage(message) {
  if (message.length < 12) throw new Error("shorter than a header");
  const flags = message.readUInt16BE(2);
  const counts = [4, 6, 8, 10].map((at) => message.readUInt16BE(at));
  let at = 12;
  let question;
  if (counts[0] > 0) {
    const [name, next] = readName(message, at);
    const number = message.readUInt16BE(next);
    question = { name, type: TYPES[number] ?? `TYPE${number}` };
    at = next + 4;
  }
  const records = [];
  for (let left = counts[1] + counts[2] + counts[3]; left > 0; left -= 1) {
    const [owner, next] = readName(message, at);
    const type = message.readUInt16BE(next);
    const length = message.readUInt16BE(next + 8);
    records.push({ owner, type: TYPES[type] ?? type, class: message.readUInt16BE(next + 2), ttl: message.readUInt32BE(next + 4), data: message.subarray(next + 10, next + 10 + length) });
    at = next + 10 + length;
  }
  const opt = records.find((record) => record.type === 41);
  return {
    id: message.readUInt16BE(0), question, rcode: flags & 15, answers: counts[1], records,
    response: (flags & 0x8000) !== 0, truncated: (flags & 0x0200) !== 0, recursionDesired: (flags & 0x0100) !== 0,
    checkingDisabled: (flags & 0x0010) !== 0, dnssecOk: opt ? (opt.ttl & 0x8000) !== 0 : false, options: opt ? optionsOf(opt.data) : [],
  };
}

function readName(message, start) {
  const labels = [];
  let at = start;
  let next;
  for (let steps = 0; steps < 128; steps += 1) {
    const length = message[at];
    if (length === undefined) throw new Error("a name runs out of the message");
    if (length === 0) return [labels.join(".") || ".", next ?? at + 1];
    if ((length & 0xc0) === 0xc0) {
      next ??= at + 2;
      at = message.readUInt16BE(at) & 0x3fff;
    } else {
      labels.push(message.toString("latin1", at + 1, at + 1 + length));
      at += 1 + length;
    }
  }
  throw new Error("a name has too many labels");
}

function optionsOf(data) {
  const options = [];
  for (let at = 0; at + 4 <= data.length; at += 4 + data.readUInt16BE(at + 2)) {
    options.push({ code: data.readUInt16BE(at), length: data.readUInt16BE(at + 2) });
  }
  return options;
}

/** Sends one message over TCP and gives the whole answer: nothing is ever truncated. */
export function askOverTcp(port, query, deadline = 5000) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    const timer = setTimeout(() => socket.destroy(new Error("the name server did not answer")), deadline);
    let received = Buffer.alloc(0);
    socket.on("connect", () => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(query.length);
      socket.write(Buffer.concat([length, query]));
    });
    socket.on("data", (part) => {
      received = Buffer.concat([received, part]);
      if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return;
      clearTimeout(timer);
      resolve(received.subarray(2, 2 + received.readUInt16BE(0)));
      socket.destroy();
    });
    socket.on("error", reject);
    socket.on("close", () => {
      clearTimeout(timer);
      reject(new Error("the name server closed the connection"));
    });
  });
}
