import { describe, expect, it, test } from 'vitest'
import { findAccount } from '../../../harness/doctor-account.ts'
import { reportText, tableText } from '../../../harness/doctor-report.ts'
import { fakeEnded } from '../../../renderer/fake-doctor.ts'

const person = (name: string, email: string | null) => ({ name, email, role: null, vendorUserId: '1' })
const accounts = [
  { id: 'one', siteLabel: 'acme.zendesk.com', user: person('Mia Berg', 'mia.berg@acme.example') },
  { id: 'two', siteLabel: 'acme.zendesk.com', user: person('Jonas Keller', 'jonas@acme.example') },
  { id: 'three', siteLabel: 'nova.zendesk.com', user: person('Pia Lund', null) },
]

describe('naming an account on the terminal', () => {
  test.each([
    ['one', 'one'],
    ['mia.berg@acme.example@acme.zendesk.com', 'one'],
    ['Mia.Berg@acme.zendesk.com', 'one'],
    ['Jonas Keller@acme.zendesk.com', 'two'],
    ['pia lund@nova.zendesk.com', 'three'],
    ['nova.zendesk.com', 'three'],
    ['acme.zendesk.com', null],
    ['nobody@acme.zendesk.com', null],
    ['', null],
  ])('"%s" is %s', (wanted, id) => {
    expect(findAccount(accounts, wanted)?.id ?? null).toBe(id)
  })
})

describe('what the terminal shows', () => {
  it('is each step with its remedy, and the cause at the end', () => {
    const lines = reportText(fakeEnded()).split('\n')
    expect(lines[0]).toBe('Connection to northwind.zendesk.com')
    expect(lines[2]).toBe('ok    network    The server of northwind.zendesk.com answers.')
    expect(lines[3]).toMatch(/^FAIL {2}tls/)
    expect(lines.at(-2)).toMatch(/\(proxy_certificate\)$/)
    expect(lines.at(-1)).toMatch(/^Ask your IT/)
  })

  it('is a table of equal columns', () => {
    expect(
      tableText([
        ['case', 'named'],
        ['Wrong site', 'wrong_site'],
      ]),
    ).toBe('case        named\nWrong site  wrong_site')
  })
})
