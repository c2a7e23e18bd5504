const http = require("http");
const server = http.createServer((request, response) => response.end("hello"));
server.listen(0, "127.0.0.1", async () => {
  for (let i = 0; i < 20; i++)
    await (await fetch("http://127.0.0.1:" + server.address().port)).text();
  process.exit(0);
});
