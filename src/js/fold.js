// Texts without case and accents: `src/table/folding.rs` says what becomes of a character.

/** What people type for letters that Unicode does not take apart, and for signs that keyboards do not have. */
const TYPED = Object.fromEntries(
  (
    "æ:ae ƀ:b ɓ:b ƈ:c ȼ:c đ:d ð:d ɖ:d ɗ:d ə:e ɛ:e ɇ:e ǝ:e ƒ:f ǥ:g ɠ:g ɣ:g ħ:h ı:i ɨ:i ɉ:j ĸ:k ƙ:k ł:l ƚ:l ŋ:n ɲ:n œ:oe " +
    "ø:o ɔ:o ɵ:o ƥ:p ɍ:r ß:ss þ:th ŧ:t ƭ:t ʈ:t ⱦ:t ʉ:u ʊ:u ʋ:v ɏ:y ƴ:y ƶ:z ʒ:z ⱥ:a ς:σ ‘:' ’:' ʻ:' ʼ:' ‐:- –:-"
  )
    .split(" ")
    .map((pair) => pair.split(":")),
);

/** The blocks for combining diacritics. */
const MARKS = /[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]/g;

/** Characters that are neither ASCII nor those of Chinese, of which there are too many to ask for each. */
const RARE = /[^\0-\x7f\u3400-\u9fff]/gu;

const known = new Map();

function folded(character) {
  let text = known.get(character);
  if (text === undefined) {
    const letters = Array.from(character.normalize("NFKD").replace(MARKS, ""), (letter) => letter.toLowerCase());
    text = letters.map((letter) => TYPED[letter] ?? letter).join("");
    known.set(character, text);
  }
  return text;
}

/** Texts, a line each, as they are compared. Each character is folded for itself, so that the places of both are known. */
export function fold(texts) {
  return texts.replace(RARE, folded).toLowerCase();
}
