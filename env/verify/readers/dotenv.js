// Reads texts with dotenv and dotenv-expand: a JSON array of them in, one of objects out.
const { parse } = require("dotenv");
const { expand } = require("dotenv-expand");

const texts = JSON.parse(require("fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(texts.map((text) => {
  try {
    return expand({ parsed: parse(text), processEnv: { ...process.env } }).parsed;
  } catch {
    return null; // refused
  }
})));
