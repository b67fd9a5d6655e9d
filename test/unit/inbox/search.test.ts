import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Driver } from '../../../main/inbox/database/driver.ts'
import { matchExpression } from '../../../main/inbox/database/search-text.ts'
import { createWorkerStore } from '../../../main/inbox/database/worker-store.ts'
import { migrate } from '../../../main/inbox/schema/migrate.ts'
import { acme, conversation, message, noon, page, thread } from './open-store.ts'

function memoryStore() {
  const db = new Driver(':memory:')
  migrate(db)
  const store = createWorkerStore(db, Date.now)
  store.putAccountStep(acme)
  const find = (text: string) => store.list({ text, limit: 50 }).rows.map((row) => row.vendorId)
  return { store, find }
}

const findable: [string, string, string][] = [
  ['a word', 'Where is my parcel?', 'parcel'],
  ['another case', 'Refund PLEASE', 'refund please'],
  ['an unfinished last word', 'Cancellation of order', 'cancell'],
  ['a word without its accents', 'Façade in Zürich', 'facade zurich'],
  ['a word with accents the text lacks', 'Cafe', 'café'],
  ['a decomposed letter', 'Cafe\u0301 closed', 'café'],
  ['full-width letters', 'ＯＲＤＥＲ １２３', 'order 123'],
  ['a Chinese word inside a sentence', '我的订单还没有发货请尽快处理', '发货'],
  ['a Japanese word of two characters', '東京への送料について', '送料'],
  ['katakana in half width', 'ｷｬﾝｾﾙしたい', 'キャンセル'],
  ['the end of a Korean word', '고객센터에 문의', '센터'],
  ['a Thai word inside a sentence', 'ขอความช่วยเหลือเรื่องการคืนเงิน', 'คืนเงิน'],
  ['a Hindi word', 'मेरा ऑर्डर कहाँ है', 'ऑर्डर'],
  ['a Russian word', 'Где мой заказ?', 'ЗАКАЗ'],
  ['Arabic without its vowel points', 'طَلَب استرداد', 'طلب'],
  ['Hebrew without its points', 'שָׁלוֹם', 'שלום'],
  ['an address', 'Write to grace@mail.example now', 'grace@mail.example'],
  ['a quoted phrase', 'late delivery of a parcel', '"delivery of a"'],
  ['an order number with a dash', 'Order AB-1234/X', 'ab-1234/x'],
]

for (const [what, subject, query] of findable) {
  test(`finds ${what}`, () => {
    const { store, find } = memoryStore()
    store.applyPage('acme', page([conversation('hit', { subject }), conversation('miss', { subject: 'zzz' })]))
    expect(find(query)).toEqual(['hit'])
  })
}

test('finds customers, ticket numbers, tags and messages, and forgets what is gone', () => {
  const { store, find } = memoryStore()
  const customer = { vendorId: 'c', name: 'Grace Hopper', email: null, phone: '+49 30 1234' }
  store.applyPage('acme', page([conversation('4711', { customer, tags: ['vip'] }), conversation('2')]))
  store.applyThread('acme', '2', thread([message('2', 'm', { bodyText: '', bodyHtml: '<b>gold</b>en <p>ticket</p>' })]))
  expect(find('hopper')).toEqual(['4711'])
  expect(find('4711')).toEqual(['4711'])
  expect(find('vip')).toEqual(['4711'])
  expect(find('golden ticket')).toEqual(['2'])
  store.applyThread('acme', '2', thread([message('2', 'n', { bodyText: 'silver' })]))
  expect(find('golden')).toEqual([])
  expect(find('silver')).toEqual(['2'])
  store.applyPage('acme', page([], { removedVendorIds: ['2'] }))
  expect(find('silver')).toEqual([])
})

test('the conversation with the newest activity comes first, also after it moved', () => {
  const { store, find } = memoryStore()
  const at = (id: string, seconds: number) => conversation(id, { subject: 'parcel', updatedAt: noon + seconds * 1000 })
  store.applyPage('acme', page([at('1', 1), at('2', 2), at('3', 3)]))
  expect(find('parcel')).toEqual(['3', '2', '1'])
  store.applyPage('acme', page([at('1', 9)]))
  expect(find('parcel')).toEqual(['1', '3', '2'])
})

test('text without any word finds nothing, and blank text is no filter', () => {
  const { store, find } = memoryStore()
  store.applyPage('acme', page([conversation('1')]))
  expect(find('!!! "" *')).toEqual([])
  expect(find('   ')).toEqual(['1'])
})

test('a conversation without a title is found by nothing of another', () => {
  const { store, find } = memoryStore()
  store.applyPage('acme', page([conversation('1', { subject: 'only here' }), conversation('2', { subject: '' })]))
  expect(find('only here')).toEqual(['1'])
})

test('whatever a person types, the search answers', () => {
  const { store } = memoryStore()
  store.applyPage('acme', page([conversation('1')]))
  const syntax = fc.string({ unit: fc.constantFrom(...'"*():^+-{}\'\\ aNEAROTD\u0000\u0301字\ud83d') })
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), syntax), (text) => {
      expect(store.list({ text, limit: 5 }).rows.length).toBeLessThanOrEqual(1)
    }),
    { numRuns: 500 },
  )
})

test('a long text is cut to a bounded expression', () => {
  expect(matchExpression('word '.repeat(500))?.split(' AND ')).toHaveLength(16)
})
