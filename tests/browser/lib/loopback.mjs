// Servers of this computer, each on a port of its own.

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

  async stop() {
    for (const socket of this.sockets) socket.destroy();
    await Promise.all(this.servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }
}
