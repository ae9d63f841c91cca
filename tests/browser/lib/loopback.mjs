// Servers of this computer, each on a port of its own.
import { createServer } from "node:http";
import { connect } from "node:net";

export class Loopback {
  servers = [];
  sockets = new Set();

  /** Starts a server on 127.0.0.1; resolves to its port. */
  listen(server) {
    this.servers.push(server);
    server.on("connection", (socket) => this.hold(socket));
    return new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(0, "127.0.0.1", () => resolve(server.address().port));
    });
  }

  /** A connection that ends with the servers. */
  hold(socket) {
    this.sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => this.sockets.delete(socket));
  }

  /** A proxy for HTTPS, as firms have them: `portOf(host)` tells where a tunnel leads, 0 that it leads nowhere. Resolves to its port. */
  proxy(portOf) {
    const server = createServer((_, response) => response.writeHead(405, { "content-type": "text/plain" }).end("CONNECT only\n"));
    server.on("connect", (request, socket) => {
      const port = portOf(request.url.replace(/:\d+$/, ""));
      if (!port) return socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
      const onward = connect(port, "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
        onward.pipe(socket).pipe(onward);
      });
      this.hold(onward);
      for (const one of [onward, socket]) one.on("error", () => (onward.destroy(), socket.destroy()));
    });
    return this.listen(server);
  }

  async stop() {
    for (const socket of this.sockets) socket.destroy();
    await Promise.all(this.servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }
}
