import { describe, expect, test } from 'vitest'
import { special } from '../../sandbox/content/conversations.ts'
import { seedFile } from '../../sandbox/content/files.ts'
import { hostileBodies } from '../../sandbox/content/hostile.ts'
import type { SiteSpec } from '../../sandbox/content/site.ts'
import { SiteStore } from '../../sandbox/content/site-store.ts'
import { freshserviceSites } from '../../sandbox/vendors/freshservice/sites.ts'
import { hubspotSites } from '../../sandbox/vendors/hubspot/sites.ts'
import { zendeskSites } from '../../sandbox/vendors/zendesk/sites.ts'

const endsAt = Date.UTC(2026, 0, 31)
const sites: SiteSpec[] = [...zendeskSites, ...freshserviceSites, ...hubspotSites]

function store(spec: SiteSpec | undefined, seed = 1, size = 640): SiteStore {
  if (!spec) throw new Error('no site')
  return new SiteStore(spec, { seed, size, endsAt })
}

describe('seeded content', () => {
  test.each(sites.map((spec) => [spec.id, spec] as const))(
    'every conversation of %s is whole and in time order',
    (_, spec) => {
      const site = store(spec)
      for (let index = 0; index < site.size; index++) {
        const row = site.row(index)
        const entries = site.entries(index)
        expect(row.subject).not.toMatch(/[{}]|undefined/)
        expect(() => site.status(row.status)).not.toThrow()
        expect(entries[0]?.at).toBe(row.createdAt)
        expect(entries[0]?.author.kind).toBe('customer')
        entries.forEach((entry, i) => {
          expect(entry.seq).toBe(i)
          expect(entry.text).not.toMatch(/\{\w+\}|undefined/)
          if (i > 0) expect(entry.at).toBeGreaterThan(entries[i - 1]?.at ?? 0)
        })
        if (entries.length > 1) expect(entries.at(-1)?.at).toBe(row.updatedAt)
      }
    },
  )

  test('the same seed gives the same rows, another seed gives others', () => {
    const subjects = (seed: number) => Array.from({ length: 50 }, (_, i) => store(sites[0], seed).row(i).subject)
    expect(subjects(1)).toEqual(subjects(1))
    expect(subjects(2)).not.toEqual(subjects(1))
  })

  test('hard cases stand where the README says', () => {
    const site = store(sites[0])
    expect(site.entries(special.hostile)[0]?.text).toContain('READABLE TEXT')
    expect(site.entries(special.inline)[0]?.html).toContain('cid:')
    expect(site.entries(special.files[0] ?? 0)[0]?.files.length).toBeGreaterThan(0)
    expect(site.entries(special.long)[0]?.text.length).toBeGreaterThan(10_000)
    expect(site.entries(special.quoted)[0]?.html).toContain('<blockquote')
  })

  test('every hostile body still carries its readable text', () => {
    for (const body of hostileBodies) expect(body).toContain('READABLE TEXT')
  })

  test('several scripts occur, also right to left', () => {
    const text = sites.flatMap((spec) => Array.from({ length: 120 }, (_, i) => store(spec).row(i).subject)).join(' ')
    for (const script of [/[äöüß]/, /\p{Script=Han}/u, /\p{Script=Arabic}/u, /[éèç]/, /\p{Extended_Pictographic}/u])
      expect(text).toMatch(script)
  })

  test('seeded pictures are real PNG files with the size they claim', () => {
    const picture = seedFile(0)
    expect(picture.bytes.subarray(1, 4).toString('latin1')).toBe('PNG')
    expect(picture.bytes.readUInt32BE(16)).toBe(picture.width)
    expect(picture.bytes.readUInt32BE(20)).toBe(picture.height)
  })
})

describe('changes over the seed', () => {
  test('a reply moves both orders, an event only the change order', () => {
    const site = store(sites[0])
    const author = { kind: 'staff', staff: 0 } as const
    site.add(10, { kind: 'event', author, html: '', text: '' })
    expect(site.changes.at(site.changes.size - 1)).toBe(10)
    expect(site.messages.at(site.messages.size - 1)).not.toBe(10)
    site.add(11, { kind: 'reply', author, html: '<p>x</p>', text: 'x' })
    expect(site.messages.at(site.messages.size - 1)).toBe(11)
    expect(site.row(11).updatedAt).toBe(site.entries(11).at(-1)?.at)
  })

  test('a customer who writes again opens a solved conversation', () => {
    const site = store(sites[0])
    const solved = site.spec.statuses.find((status) => status.kind === 'solved')
    site.change(20, { status: solved?.id ?? '' })
    site.customerWrites(20, 'it broke again <b>')
    expect(site.status(site.row(20).status).kind).toBe('open')
    expect(site.entries(20).at(-1)?.html).toContain('&lt;b&gt;')
  })

  test('a new conversation stands at the end of every order', () => {
    const site = store(sites[0])
    const index = site.open('Hello', 'Is anybody there?')
    expect(index).toBe(640)
    expect(site.size).toBe(641)
    expect(site.changes.at(site.changes.size - 1)).toBe(index)
    expect(site.creations.at(site.creations.size - 1)).toBe(index)
    expect(site.row(index).subject).toBe('Hello')
  })
})
