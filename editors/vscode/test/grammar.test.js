// Reads a contract's policy by the TextMate grammar, and asks of some words how they are told apart.
"use strict";

const assert = require("assert");
const fs = require("fs");
const path = require("path");
const oniguruma = require("vscode-oniguruma");
const { INITIAL, Registry, parseRawGrammar } = require("vscode-textmate");

const root = path.resolve(__dirname, "..");
const wasm = fs.readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm")).buffer;

async function main() {
  await oniguruma.loadWASM(wasm);
  const file = path.join(root, "syntaxes", "slarules.tmLanguage.json");
  const registry = new Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async () => parseRawGrammar(fs.readFileSync(file, "utf-8"), file),
  });
  const grammar = await registry.loadGrammar("source.slarules");
  const scopes = (line, word) => {
    const at = line.indexOf(word);
    const token = grammar.tokenizeLine(line, INITIAL).tokens.find((one) => one.startIndex <= at && at < one.endIndex);
    return token.scopes[token.scopes.length - 1];
  };
  const cases = [
    ["  > 8am – 5pm MST -- no comment", "MST", "markup.quote.slarules"],
    ["duty respond -- a remark", "remark", "comment.line.double-dash.slarules"],
    ['  source "a -- b.txt"', "--", "string.quoted.double.slarules"],
    ["  duty respond", "duty", "keyword.declaration.slarules"],
    ["  duty respond", "respond", "entity.name.function.slarules"],
    ["    Trak must respond within 8 hours", "Trak", "entity.name.type.slarules"],
    ["    Trak must respond within 8 hours", "must", "keyword.other.slarules"],
    ["    Trak must respond within 8 hours", "hours", "support.constant.slarules"],
    ["    Trak must respond within 8 hours", "8", "constant.numeric.slarules"],
    ["  zone America/Denver", "America", "constant.other.zone.slarules"],
    ["  2026-03-02 08:00  T1 opened", "2026", "constant.numeric.date.slarules"],
    ["    | any | none |", "any", "constant.language.slarules"],
  ];
  for (const [line, word, wanted] of cases) {
    assert.strictEqual(scopes(line, word), wanted, `\`${word}\` in \`${line}\``);
  }
  const policy = path.resolve(root, "..", "..", "contracts", "trak", "policy.sla");
  let stack = INITIAL;
  let count = 0;
  for (const line of fs.readFileSync(policy, "utf-8").split("\n")) {
    const read = grammar.tokenizeLine(line, stack);
    stack = read.ruleStack;
    count += read.tokens.length;
  }
  assert.ok(count > 3000, "the policy's words are told apart");
  console.log(`${cases.length} words and ${count} pieces of a policy, as they should be`);
}

main().catch((problem) => {
  console.error(problem);
  process.exit(1);
});
