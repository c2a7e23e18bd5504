const http = require("http");
const server = http.createServer((q, r) => r.end("hello")).listen(0, "127.0.0.1", async () => {
  const get = async () => (await fetch("http://127.0.0.1:" + server.address().port)).text();
  for (let i = 0; i < 20; i++) await Promise.all(Array.from({ length: 10 }, get));
  process.exit(0);
});
