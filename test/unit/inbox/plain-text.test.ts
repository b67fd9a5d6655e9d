import fc from 'fast-check'
import { expect, test } from 'vitest'
import { plainText } from '../../../main/inbox/plain-text.ts'

const cases: [string, string, string][] = [
  ['paragraphs as lines', '<p>Hello <b>Ada</b></p><p>Bye</p>', 'Hello Ada\nBye'],
  ['line breaks', 'one<br/>two<BR>three', 'one\ntwo\nthree'],
  ['entities', 'a &amp; b &lt;c&gt; &#233; &#x1F600; &nbsp;d &unknown; &euro;', 'a & b <c> é 😀 d &unknown; €'],
  ['no script, style or comment', 'a<script>alert("<p>")</script>b<style>p{}</style>c<!-- <p>x</p> -->d', 'abcd'],
  ['no unfinished script', 'a<script>alert(1)', 'a'],
  ['no unfinished tag', 'a<p class="x', 'a'],
  ['a lone bracket', 'a < b and 3<4', 'a < b and 3<4'],
  ['no invalid character', '&#0;&#xD800;&#x110000;', '\ufffd\ufffd\ufffd'],
  ['no inherited name as entity', '&toString; &constructor;', '&toString; &constructor;'],
]
for (const [what, html, text] of cases) {
  test(`keeps ${what}`, () => expect(plainText(html)).toBe(text))
}

test('reads any text, and text without brackets or entities as it is but for blanks', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'<>/!-&;# apbrscript"\n') }), (html) => {
      expect(typeof plainText(html)).toBe('string')
    }),
  )
  fc.assert(
    fc.property(fc.stringMatching(/^[\p{L}\p{N}]*$/u), (text) => {
      expect(plainText(text)).toBe(text)
    }),
  )
})

test('work grows with the length only, also for hostile input', () => {
  for (const html of ['<'.repeat(300_000), '<p'.repeat(150_000), '<script>'.repeat(40_000), '&'.repeat(300_000)]) {
    expect(plainText(html).length).toBeLessThanOrEqual(html.length)
  }
})
