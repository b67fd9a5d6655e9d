/** Scripts written without spaces between words, and Hangul, whose words are often looked for inside longer ones. */
const unspaced =
  /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Bopo}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Tibt}]/u
const eachUnspaced = new RegExp(`(?=\\p{L}|\\p{N}|\\p{M})${unspaced.source}`, 'gu')
/** Vowel points that people leave out when they search: Arabic and Hebrew. */
const points = /[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0640]/gu
const wordLike = /[\p{L}\p{N}\p{M}]/u
const maxPhrases = 16

/**
 * Text as the index keeps it. FTS5's unicode61 takes a run of letters for one word, so a Chinese sentence would be one word: characters of
 * unspaced scripts become words of their own, and a search for several of them a phrase. Width and composition variants are made equal.
 */
export function indexText(text: string): string {
  return text
    .normalize('NFKC')
    .replaceAll(points, '')
    .replaceAll(eachUnspaced, ' $& ')
    .replaceAll(/[\p{Cc}\p{Co}]/gu, ' ')
}

/**
 * Words for where a conversation belongs, so that a search in one account or brand is an intersection inside the index. They begin with a
 * character of private use, which is never taken from people's text.
 */
export function scopeWords({ account, brand }: { account?: number | null; brand?: number | null }): string[] {
  return [
    ...(typeof account === 'number' ? [`\ue000a${account}`] : []),
    ...(typeof brand === 'number' ? [`\ue000b${brand}`] : []),
  ]
}

/**
 * The FTS5 expression for what a person typed: every word or "quoted phrase" must be there, the last word may be unfinished. Nothing in the
 * text is read as query syntax. Null when there is no word in it.
 */
export function matchExpression(text: string): string | null {
  const phrases: string[] = []
  for (const found of text.matchAll(/"([^"]*)"|[^\s"]+/gu)) {
    const quoted = found[1] !== undefined
    const words = indexText(found[1] ?? found[0])
      .replaceAll('"', ' ')
      .trim()
    if (!wordLike.test(words)) continue
    const unfinished = !quoted && found.index + found[0].length === text.length && canGrow(words)
    phrases.push(`"${words}"${unfinished ? '*' : ''}`)
  }
  return phrases.length === 0 ? null : phrases.slice(0, maxPhrases).join(' AND ')
}

/** One letter would match nearly everything, and a character of an unspaced script is a word already. */
function canGrow(words: string): boolean {
  return words.length > 1 && !unspaced.test([...words].at(-1) ?? '')
}
