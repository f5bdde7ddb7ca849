// Reads texts as node --env-file does: a JSON array of them in, one of objects out.
const { parseEnv } = require("util");

const texts = JSON.parse(require("fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(texts.map(parseEnv)));
