// Source text as coloured lines.

const words = (text) => `\\b(?:${text.trim().split(/\s+/).join("|")})\\b`;

const QUOTED = String.raw`"""[^]*?(?:"""|$)|'''[^]*?(?:'''|$)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?`;

/** The tokens of each language, the first that fits being taken; a group's name is the class. */
const LANGUAGES = {
  python: tokens({
    string: String.raw`\b[rbfuRBFU]{1,2}(?=["'])(?:${QUOTED})|${QUOTED}`,
    comment: "#.*",
    decorator: String.raw`(?<=^\s*)@[\w.]+`,
    name: String.raw`(?<=\b(?:def|class)\s+)\w+`,
    keyword: words(`
      and as assert async await break case class continue def del elif else except finally for from global if import in is lambda
      match nonlocal not or pass raise return try while with yield`),
    constant: words("True False None self cls"),
    number: String.raw`\b(?:0[xob][\da-fA-F_]+|\d[\d_]*\.?[\d_]*(?:e[+-]?\d+)?j?)\b`,
    call: String.raw`\b[A-Za-z_]\w*(?=\()`,
    other: String.raw`[^\W\d]\w*`,
  }),
  wit: tokens({
    comment: "//.*",
    name: String.raw`(?<=\b(?:package|world|record|export)\s+)[\w-]+(?::[\w-]+)?`,
    keyword: words("package world record export func"),
    constant: words("string u32 option result"),
    other: "[a-z][\\w-]*",
  }),
};

function tokens(groups) {
  const alternatives = Object.entries(groups).map(([name, pattern]) => `(?<${name}>${pattern})`);
  return new RegExp(alternatives.join("|"), "gm");
}

/** An element for each line of a source. */
export function lines(source, language) {
  const found = [newLine()];
  const add = (kind, text) => {
    for (const [place, part] of text.split("\n").entries()) {
      if (place > 0) found.push(newLine());
      if (part !== "") found.at(-1).append(kind ? span(kind, part) : part);
    }
  };
  let end = 0;
  for (const match of source.matchAll(LANGUAGES[language])) {
    add(null, source.slice(end, match.index));
    const [kind] = Object.entries(match.groups).find(([, text]) => text !== undefined);
    add(kind === "other" ? null : kind, match[0]);
    end = match.index + match[0].length;
  }
  add(null, source.slice(end));
  return found;
}

function newLine() {
  const line = document.createElement("span");
  line.className = "line";
  return line;
}

/** An element with a class and a text. */
export function span(kind, text) {
  const element = document.createElement("span");
  element.className = kind;
  element.textContent = text;
  return element;
}
