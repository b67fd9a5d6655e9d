import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { initials } from '../../../../renderer/design/avatar.tsx'
import { brandColors, contrastOf } from '../../../../renderer/design/brand-color.ts'
import { htmlOf, writtenCommand } from '../../../../renderer/inbox/actions.ts'
import { fileSize, middleCut } from '../../../../renderer/inbox/attachment-list.tsx'
import { moved } from '../../../../renderer/inbox/brand-rail.tsx'
import { conversationNumber } from '../../../../renderer/inbox/conversation-number.ts'
import { checkLink } from '../../../../renderer/inbox/link-check.ts'
import { mailRoutes } from '../../../../renderer/inbox/mail-route.ts'
import { splitQuote, withLinks } from '../../../../renderer/inbox/plain-text.ts'
import { syncWords } from '../../../../renderer/inbox/status-line.tsx'
import { dueWords, messageTime, shortTime } from '../../../../renderer/inbox/time-words.ts'
import { rowWindow, scrollFor } from '../../../../renderer/inbox/use-window.ts'
import { vendorFields } from '../../../../renderer/inbox/vendor-fields.ts'
import { actionFor } from '../../../../renderer/shortcuts/keymap.ts'
import { troubleWords } from '../../../../renderer/trouble/trouble-words.ts'
import { createFakeData } from '../../../renderer/fake-data.ts'

const now = new Date(2026, 10, 23, 14, 0).getTime()
const minute = 60_000

describe('times in words', () => {
  test('are relative under a day and carry the year when it is another one', () => {
    expect(shortTime(now - 20_000, now)).toBe('now')
    expect(shortTime(now - 14 * minute, now)).toBe('14 min')
    expect(shortTime(now - 3 * 60 * minute, now)).toBe('3 h')
    expect(shortTime(new Date(2026, 9, 2).getTime(), now)).toBe('2 Oct')
    expect(shortTime(new Date(2024, 9, 2).getTime(), now)).toBe('2 Oct 2024')
  })

  test('of a message name the day when it is not today', () => {
    expect(messageTime(new Date(2026, 10, 23, 9, 12).getTime(), now)).toBe('Today, 09:12')
    expect(messageTime(new Date(2026, 10, 22, 23, 50).getTime(), now)).toBe('22 Nov, 23:50')
  })

  test('of a due moment say how long, and whether it has passed', () => {
    expect(dueWords(now + 52 * minute, now)).toEqual({ text: 'due in 52 min', state: 'soon' })
    expect(dueWords(now - 12 * minute, now)).toEqual({ text: 'overdue 12 min', state: 'overdue' })
    expect(dueWords(now + 50 * 60 * minute, now)).toEqual({ text: 'due in 2 d', state: 'later' })
  })
})

describe('a plain text message', () => {
  test('folds what is quoted under it', () => {
    expect(splitQuote('Yes please!\n\nOn 12 Nov, Acme wrote:\n> Shall we?')).toEqual({
      fresh: 'Yes please!',
      quoted: 'On 12 Nov, Acme wrote:\n> Shall we?',
    })
    expect(splitQuote('Ja.\n\nAm 12.11.2026 schrieb Acme:\n> Sollen wir?').fresh).toBe('Ja.')
    expect(splitQuote('Yes\n> a\n> b').quoted).toBe('> a\n> b')
  })

  test('is not folded when the quote stands in the middle, or is all there is', () => {
    expect(splitQuote('> a\nMy answer to that').quoted).toBe('')
    expect(splitQuote('> only\n> a quote')).toEqual({ fresh: '> only\n> a quote', quoted: '' })
  })

  test('has its links found without the punctuation after them', () => {
    expect(withLinks('See https://a.example/b?c=1). Thanks')).toEqual([
      { kind: 'text', text: 'See ' },
      { kind: 'link', text: 'https://a.example/b?c=1', href: 'https://a.example/b?c=1' },
      { kind: 'text', text: '). Thanks' },
    ])
  })

  test('loses no character to links, whatever it says', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.webUrl())), (parts) => {
        const text = parts.join(' ')
        expect(
          withLinks(text)
            .map((piece) => piece.text)
            .join(''),
        ).toBe(text)
      }),
    )
  })
})

describe('a link of a customer', () => {
  test('shows its host and no warning when it leads where it says', () => {
    expect(checkLink('https://www.acme.example/a', 'acme.example')).toEqual({
      target: 'www.acme.example',
      kind: 'web',
      warnings: [],
    })
  })

  test.each([
    ['https://acme.example@evil.example/', 'Acme', 'hides its real host'],
    ['https://еxample.com/', 'example.com', 'another script'],
    ['https://192.168.0.1/login', 'Log in', 'bare number'],
    ['https://evil.example/', 'https://bank.example', 'The text says bank.example'],
    ['https://acme.example:8443/', 'Acme', 'unusual port 8443'],
  ])('%s called "%s" comes with a warning', (href, text, warning) => {
    expect(checkLink(href, text)?.warnings.join(' ')).toContain(warning)
  })

  test.each(['http://acme.example', 'javascript:alert(1)', 'file:///etc/passwd', 'nonsense'])(
    '%s is not opened',
    (href) => {
      expect(checkLink(href, '')).toBeNull()
    },
  )

  test('may be a mail address', () => {
    expect(checkLink('mailto:help@acme.example', '')?.target).toBe('help@acme.example')
  })
})

describe('what is sent', () => {
  test('carries the signature under a reply and none under a note', () => {
    expect(writtenCommand('reply', 'Hello\n', 'Mara\nAcme')).toEqual({
      kind: 'reply',
      bodyText: 'Hello\n\nMara\nAcme',
      bodyHtml: '<p>Hello</p><p>Mara<br>Acme</p>',
    })
    expect(writtenCommand('note', 'Hello', 'Mara')).toMatchObject({ kind: 'note', bodyText: 'Hello' })
  })

  test('has no tag in its HTML but paragraphs and line breaks', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(htmlOf(text).replaceAll(/<\/?p>|<br>/g, '')).not.toMatch(/[<>]/)
      }),
    )
  })
})

describe('a brand colour', () => {
  test('gives readable text on its tile and in its tag in both themes, whatever was chosen', () => {
    const hex = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`)
    fc.assert(
      fc.property(hex, fc.constantFrom('light' as const, 'dark' as const), (color, theme) => {
        const { fill, onFill, text } = brandColors(color, theme)
        expect(contrastOf(fill, onFill)).toBeGreaterThanOrEqual(4.5)
        expect(contrastOf(text, theme === 'light' ? '#ffffff' : '#18191c')).toBeGreaterThanOrEqual(4.5)
      }),
    )
  })
})

describe('small words', () => {
  test('initials come from names and addresses in any script', () => {
    expect(initials('Mara Lindqvist')).toBe('ML')
    expect(initials('help@acme.example')).toBe('H')
    expect(initials('佐藤 美咲')).toBe('佐美')
    expect(initials('👩‍🚀 Space')).toBe('👩‍🚀S')
    expect(initials('👩🏽‍🚀 Zoë “Nordlicht” Schilling 🇩🇪')).toBe('ZS')
    expect(initials('“Zoë” Schilling')).toBe('ZS')
    expect(initials('')).toBe('?')
  })

  test('file sizes are short and honest', () => {
    expect([fileSize(null), fileSize(0), fileSize(88_400), fileSize(2_418_000)]).toEqual([
      '',
      '0 byte',
      '88 kB',
      '2.4 MB',
    ])
  })

  test('a long file name keeps its ending', () => {
    expect(middleCut('order-confirmation-NW-20418.pdf')[1]).toBe('0418.pdf')
    expect(middleCut('a.pdf')).toEqual(['a.pdf', ''])
  })

  test('vendor fields are names and words; what has no words is left out', () => {
    expect(
      vendorFields({
        ticket_form_id: 12,
        spam: false,
        empty: '',
        nested: { a: 1 },
        'Order number': 'X',
        list: ['a', 2],
      }),
    ).toEqual([
      ['Ticket form id', '12'],
      ['Spam', 'No'],
      ['Order number', 'X'],
      ['List', 'a, 2'],
    ])
  })

  test('brands move before or after another', () => {
    expect(moved(['a', 'b', 'c'], ['c'], 'a', false)).toEqual(['c', 'a', 'b'])
    expect(moved(['a', 'b', 'c'], ['a'], 'b', true)).toEqual(['b', 'a', 'c'])
  })

  test('the status line tells of a first fill, or of the oldest reading', () => {
    const { accounts } = createFakeData(now)
    const [first, second] = accounts
    if (first === undefined || second === undefined) throw new Error('two accounts are needed')
    const filling = {
      ...first,
      sync: { ...first.sync, phase: 'first-fill' as const, conversations: 1204, total: 3000 },
    }
    expect(syncWords([filling, second], now)).toBe('Reading northwind: 1,204 of 3,000 conversations')
    expect(syncWords([{ ...first, lastSyncAt: now - 20 * minute }, second], now)).toBe('Up to date as of 13:40')
  })
})

describe('the drawn part of a long list', () => {
  test('is a handful of rows around what is in view', () => {
    expect(rowWindow(6000, 600, 60, 1_000_000)).toMatchObject({
      first: 94,
      end: 116,
      firstVisible: 100,
      lastVisible: 109,
    })
    expect(rowWindow(0, 600, 60, 3)).toMatchObject({ first: 0, end: 3 })
    expect(rowWindow(0, 600, 60, 0)).toMatchObject({ first: 0, end: 0, firstVisible: 0 })
  })

  test('scrolls no further than needed to show a row', () => {
    expect(scrollFor(5, 0, 600, 60)).toBe(0)
    expect(scrollFor(10, 0, 600, 60)).toBe(60)
    expect(scrollFor(2, 300, 600, 60)).toBe(120)
  })
})

describe('a key press', () => {
  const press = (key: string, change: object = {}) => ({
    key,
    code: '',
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    ...change,
  })

  test('means what the help says', () => {
    expect(actionFor(press('j'), false)).toEqual({ do: 'step', by: 1 })
    expect(actionFor(press('g'), false)).toEqual({ do: 'prefix' })
    expect(actionFor(press('u'), true)).toEqual({ do: 'view', key: 'U' })
    expect(actionFor(press('u'), false)).toEqual({ do: 'unread' })
    expect(actionFor(press('¡', { altKey: true, code: 'Digit1' }), false)).toEqual({ do: 'brand', index: 1 })
  })

  test('with Ctrl or Cmd belongs to the system', () => {
    expect(actionFor(press('r', { ctrlKey: true }), false)).toBeNull()
    expect(actionFor(press('n', { metaKey: true }), false)).toBeNull()
  })
})

describe('trouble at start', () => {
  const error = (code: 'keyring_locked' | 'secret_damaged' | 'keyring_weak' | 'store_damaged' | 'store_newer') => ({
    code,
    message: '',
    action: null,
    detail: null,
  })

  test('never offers to replace a copy that is merely newer', () => {
    expect(troubleWords('store', error('store_newer'))).toMatchObject({ startOver: null, retry: null })
    expect(troubleWords('store', error('store_damaged')).startOver?.button).toBe('Start a new local copy')
  })

  test('offers this session only where keys cannot be protected', () => {
    expect(troubleWords('keyring', error('keyring_weak')).mayContinue).toBe(true)
  })

  test('offers new keys only where the old ones cannot be read, never where they are locked', () => {
    expect(troubleWords('keyring', error('secret_damaged')).startOver?.button).toBe('Start over')
    expect(troubleWords('keyring', error('keyring_locked')).startOver).toBeNull()
    expect(troubleWords('keyring', error('keyring_weak')).startOver).toBeNull()
  })
})

describe('the number of a conversation', () => {
  test('is what people of the vendor say, without the word that only says what it is of', () => {
    expect(conversationNumber('35436')).toBe('#35436')
    expect(conversationNumber('deal:51010000028')).toBe('#51010000028')
  })

  test('is not shown where it is none for people', () => {
    expect(conversationNumber('3f2c9d1e-7a7b-4f5e-9a53-6f0f7d0b4c11')).toBeNull()
    expect(conversationNumber('')).toBeNull()
  })
})

describe('mail accounts for an answer', () => {
  const { accounts, brands } = createFakeData()
  const [first] = accounts
  const brand = brands.find(({ id }) => id === first?.brandId)
  if (!first || !brand) throw new Error('the fake data has an account with a brand')
  const mail = (id: string, siteLabel: string, brandId: string | null) => ({
    ...first,
    id,
    siteLabel,
    brandId,
    composes: true,
  })
  const own = mail('own', 'mia@own.example', brand.id)
  const known = mail('known', 'Help@Brand.example', brand.id)
  const foreign = mail('foreign', 'help@other.example', 'other')
  const ofBrand = { brandId: brand.id } as Parameters<typeof mailRoutes>[0]
  const ids = (...from: typeof accounts) =>
    mailRoutes(ofBrand, from, { ...brand, replyAddress: 'help@brand.example' }).map(({ id }) => id)

  test('begin with the one customers know, and leave out other brands', () => {
    expect(ids(own, foreign, known)).toEqual(['known', 'own'])
  })

  test('are those of other brands only where the brand has none', () => {
    expect(ids(foreign, { ...own, composes: false })).toEqual(['foreign'])
  })
})
