const PLAIN = /^[\x20-\x7e]*$/;
/** Drawn on top of what comes before, or not at all. */
const NONE = /^[\p{Mn}\p{Me}\p{Cf}]/u;
/** East Asian letters of half the width, one column. */
const HALF = /^[\uff61-\uffdc]/;
/** Two columns wide: other East Asian letters, full-width forms, and emoji. */
const WIDE =
  /^[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]/u;

/** How many columns of a terminal a text without control characters takes. */
export function displayWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  // What is seen as one character may be several: a letter and its accents, a family of emoji.
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (WIDE.test(segment) && !HALF.test(segment)) width += 2;
    else if (!NONE.test(segment)) width += 1;
  }
  return width;
}
