import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Account } from '../../../main/accounts/model.ts'
import { createClients } from '../../../main/oauth/clients.ts'
import { openVaultForThisSession } from '../../../main/oauth/vault.ts'
import { unrestricted } from '../policy/policies.ts'
import { type TempFolder, tempFolder } from './support/fakes.ts'

let folder: TempFolder
beforeEach(() => {
  folder = tempFolder()
})
afterEach(() => folder.remove())

const vault = openVaultForThisSession()
const account = (id: string, siteLabel: string) => ({ id, vendor: 'testdesk', siteLabel }) as Account
const open = (accounts: Account[] = []) =>
  createClients({
    vault,
    accounts: { list: () => accounts },
    files: ['own.json', 'machine.json'].map((name) => join(folder.path, name)),
    policy: unrestricted(),
  })
const configure = (name: string, content: unknown) =>
  writeFileSync(join(folder.path, name), typeof content === 'string' ? content : JSON.stringify(content))

describe('an OAuth client', () => {
  test('typed by the person comes before all others, then a saved one, the exact site, every site', async () => {
    configure('own.json', {
      clients: [
        { vendor: 'testdesk', clientId: 'any-site', clientSecret: 's' },
        { vendor: 'testdesk', site: 'acme.example', clientId: 'acme', clientSecret: 's' },
      ],
    })
    const typed = { clientId: 'typed', clientSecret: null }
    await vault.writeClient('a1', { clientId: 'saved', clientSecret: 'x' })
    const clients = open([account('a1', 'nova.example'), account('none', 'acme.example')])
    expect(await clients.choose('testdesk', 'acme.example', typed)).toEqual({ client: typed, keep: true })
    expect(await clients.choose('testdesk', 'nova.example', null)).toMatchObject({
      client: { clientId: 'saved' },
      keep: true,
    })
    expect(await clients.choose('testdesk', 'acme.example', null)).toMatchObject({
      client: { clientId: 'acme' },
      keep: false,
    })
    expect(await clients.choose('testdesk', 'else.example', null)).toMatchObject({
      client: { clientId: 'any-site' },
      keep: false,
    })
    await expect(clients.choose('otherdesk', 'acme.example', null)).rejects.toMatchObject({ code: 'client_missing' })
  })

  test('of the person wins over the one of the machine, and both are offered', async () => {
    configure('own.json', { clients: [{ vendor: 'testdesk', site: 'acme.example', clientId: 'own' }] })
    configure('machine.json', {
      clients: [
        { vendor: 'testdesk', site: 'acme.example', clientId: 'machine' },
        { vendor: 'testdesk', clientId: 'all' },
      ],
    })
    const clients = open()
    expect(clients.provided('testdesk')).toEqual(['acme.example', '*'])
    expect(clients.provided('otherdesk')).toEqual([])
    expect((await clients.choose('testdesk', 'acme.example', null)).client).toEqual({
      clientId: 'own',
      clientSecret: null,
    })
  })

  test('of an account is its own, else the configured one, else missing', async () => {
    configure('own.json', { clients: [{ vendor: 'testdesk', site: 'acme.example', clientId: 'configured' }] })
    await vault.writeClient('a1', { clientId: 'saved', clientSecret: 'x' })
    const clients = open()
    expect(await clients.of(account('a1', 'acme.example'))).toMatchObject({ clientId: 'saved' })
    expect(await clients.of(account('a2', 'acme.example'))).toMatchObject({ clientId: 'configured' })
    await expect(clients.of(account('a2', 'nova.example'))).rejects.toMatchObject({ code: 'client_missing' })
  })

  test.each([
    ['damaged', 'secret_damaged'],
    ['locked', 'file_failed'],
  ] as const)('that is %s in the vault is an error of its own', async (kind, code) => {
    const clients = createClients({
      vault: { ...vault, readClient: async () => ({ kind, reason: 'x' }) },
      accounts: { list: () => [] },
      files: [],
      policy: unrestricted(),
    })
    await expect(clients.of(account('a1', 'acme.example'))).rejects.toMatchObject({ code })
  })
})

describe('a configuration file', () => {
  test.each([
    ['is not JSON', '{'],
    ['is empty', ''],
    ['has another shape', { clients: { vendor: 'x' } }],
    ['lacks a client id', { clients: [{ vendor: 'testdesk' }] }],
    ['is a list', []],
  ])('that %s gives a notice that names it, and the other one still works', (_, content) => {
    configure('own.json', content)
    configure('machine.json', { clients: [{ vendor: 'testdesk', clientId: 'machine' }] })
    const clients = open()
    expect(clients.notices).toMatchObject([{ code: 'settings_damaged', action: expect.stringContaining('own.json') }])
    expect(clients.provided('testdesk')).toEqual(['*'])
  })

  test('that does not exist is no matter, one that cannot be read is', () => {
    expect(open().notices).toEqual([])
    mkdirSync(join(folder.path, 'own.json'))
    expect(open().notices).toMatchObject([{ detail: 'not readable' }])
  })
})
