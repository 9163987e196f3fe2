// The conditions of a checklist, judged as the server judges them (safety/rules/expressions.py).
const word = (value) => {
  if (value === undefined || value === null) return "";
  return Array.isArray(value) ? value.join(" ") : String(value);
};
const COMPARED = {
  "=": (a, b) => a === b, "!=": (a, b) => a !== b, "<": (a, b) => a < b,
  "<=": (a, b) => a <= b, ">": (a, b) => a > b, ">=": (a, b) => a >= b,
};
const isFigure = (said) => said.trim() !== "" && Number.isFinite(Number(said));

function meant(tree, answers, own) {
  if (tree[0] === "ref") return answers[tree[1]];
  if (tree[0] === "self") return own;
  if (tree[0] === "is") return tree[1];
  return holds(tree, answers, own) ? "true" : "false";
}

function compared(sign, left, right) {
  const [one, two] = [word(left), word(right)];
  if (isFigure(one) && isFigure(two)) return COMPARED[sign](Number(one), Number(two));
  if (!["=", "!="].includes(sign) && (one === "" || two === "")) return false;
  return COMPARED[sign](one, two);
}

export function holds(tree, answers, own) {
  const [head, ...parts] = tree;
  if (head === "and") return holds(parts[0], answers, own) && holds(parts[1], answers, own);
  if (head === "or") return holds(parts[0], answers, own) || holds(parts[1], answers, own);
  if (head === "not") return !holds(parts[0], answers, own);
  if (head === "selected") {
    const chosen = meant(parts[0], answers, own);
    const wanted = word(meant(parts[1], answers, own));
    return (Array.isArray(chosen) ? chosen : word(chosen).split(/\s+/)).includes(wanted);
  }
  if (head in COMPARED) {
    return compared(head, meant(parts[0], answers, own), meant(parts[1], answers, own));
  }
  return !["", "0", "false"].includes(word(meant(tree, answers, own)));
}

export const kindOf = (item) => item.kind ?? "check";
export const isAsked = (item, answers) =>
  kindOf(item) !== "note" && (!item.relevant || holds(item.relevant, answers));
export const isGap = (item, answer) =>
  kindOf(item) === "check" ? answer === "gap" : Boolean(item.gap) && answer === item.gap;
export const leftOpen = (items, answers) => items.filter((item) =>
  (item.required ?? true) && isAsked(item, answers) && !(item.code in answers));
export const mayStand = (item, answer, answers) =>
  !item.constraint || holds(item.constraint, answers, answer);
