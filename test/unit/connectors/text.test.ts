import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { beginsWith, htmlToText, preview, sameText } from '../../../main/connectors/text.ts'

describe('previews and plain text', () => {
  it('a preview is one line of at most 200 characters, and never half of one', () => {
    expect(preview('  one\n\ttwo  ')).toBe('one two')
    expect(preview(null)).toBe('')
    const faces = preview('😀'.repeat(500))
    expect(Array.from(faces)).toHaveLength(200)
    expect(faces.isWellFormed()).toBe(true)
    expect(Array.from(preview('x'.repeat(200)))).toHaveLength(200)
  })

  it('HTML becomes the text one would read', () => {
    expect(
      htmlToText(
        '<div>Hello<br>Ann &amp; Bo</div><p>&#8364;5 &#x1F600; &nbsp;x</p><style>p{}</style><script>alert(1)</script>',
      ),
    ).toBe('Hello\nAnn & Bo\n€5 😀 x')
    expect(htmlToText('&unknown; &#0; &#xD800; &#99999999;')).toBe('&unknown; &#0; &#xD800; &#99999999;')
  })

  it('no text makes them throw or hang', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(Array.from(preview(text)).length).toBeLessThanOrEqual(200)
        expect(typeof htmlToText(text)).toBe('string')
      }),
    )
  })

  it.each(['<', '< ', '<a', '<style>', '<style></style ', '<!--', '&a', '&#', ' ', '\u00a0', '\n ', '>'])(
    'half a million times %j is read as quickly as any text',
    (piece) => {
      expect(htmlToText(piece.repeat(500_000))).toBeTypeOf('string')
    },
  )

  it('a comment, a doctype and a lonely sign are no words, or only their own', () => {
    expect(htmlToText('<!doctype html><!-- a > b -->1 < 2 <?x?>')).toBe('1 < 2')
  })

  it('the same words are the same message whatever the white space', () => {
    expect(sameText('Hello,\r\n\r\nAnn', 'Hello, Ann ')).toBe(true)
    expect(sameText('Caf\u00e9', 'Cafe\u0301')).toBe(true)
    expect(sameText('Hello', 'Hello!')).toBe(false)
  })

  it('a text begins with words up to the end of one of its lines, whatever the white space', () => {
    expect(beginsWith('Hello  Ann,\r\n\nall is well.\n-- \nMia', 'Hello Ann, all is\nwell.')).toBe(true)
    expect(beginsWith('Hello Ann, all is well.', 'Hello Ann,')).toBe(false)
    expect(beginsWith('Hello\nAnn', 'Hello Bo')).toBe(false)
    expect(beginsWith('Hello', 'Hello\nAnn')).toBe(false)
    expect(beginsWith('Caf\u00e9\nMia', 'Cafe\u0301')).toBe(true)
  })

  it('a text begins with just those words that its first lines are', () => {
    const letters = (text: string) => text.normalize('NFC').replace(/\s+/g, ' ').trim()
    const piece = fc.constantFrom('a', 'b', ' ', '\n', '\r\n', '\u00a0', 'e', '\u0301')
    const some = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''))
    fc.assert(
      fc.property(some, some, (text, words) => {
        const lines = text.split('\n')
        const starts = lines.map((_, end) => letters(lines.slice(0, end + 1).join('\n')))
        expect(beginsWith(text, words)).toBe(starts.includes(letters(words)))
        for (const start of starts) expect(beginsWith(text, start)).toBe(true)
      }),
    )
  })

  it.each([200_000, 1])('a text of %i lines of the same words is looked through once', (lines) => {
    expect(beginsWith('again\n'.repeat(lines), `${'again '.repeat(lines)}and more`)).toBe(false)
    expect(beginsWith('again\n'.repeat(lines), 'again '.repeat(lines))).toBe(true)
  })
})
