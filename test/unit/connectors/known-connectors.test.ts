import '../oauth/support/plain-node.ts'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createConnectors } from '../../../main/connectors/known-connectors.ts'
import { shippedManifests } from '../../../main/connectors/manifest/shipped.ts'
import { connectors as builtIn } from '../../../main/connectors/registry.ts'
import { openConnectorFolder } from '../../../main/workstation/connector-folder.ts'
import { textOf } from './manifest/small.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'manydesk-connectors-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const own = () => join(folder, 'connectors')
const open = (used: string[] = []) =>
  createConnectors({
    builtIn,
    shipped: shippedManifests,
    folder: openConnectorFolder(own(), () => 7),
    inUse: (id) => used.includes(id),
  })
const drop = (name: string, text: string) => {
  mkdirSync(own(), { recursive: true })
  writeFileSync(join(own(), name), text)
}
const ids = (connectors: ReturnType<typeof open>) => connectors.list().map((connector) => connector.id)

describe('the connectors there are', () => {
  it('are those with code, then those that come as manifests', () => {
    const connectors = open()
    expect(ids(connectors)).toEqual([...builtIn.map((each) => each.id), 'autotimer', 'larkdesk', 'kiteline'])
    for (const connector of builtIn) expect(connectors.find(connector.id)).toBe(connector)
    expect(connectors.find('constructor')).toBeNull()
    expect(connectors.notices).toEqual([])
  })

  it('grow by one that is saved, at once and after the next start', () => {
    const connectors = open()
    const told: string[] = []
    const stop = connectors.onChange((id) => told.push(id))
    expect(connectors.save(textOf())).toBe('tallybook')
    expect(connectors.find('tallybook')?.name).toBe('Tallybook')
    expect(told).toEqual(['tallybook'])
    stop()
    const again = open()
    expect(again.find('tallybook')?.name).toBe('Tallybook')
    expect(again.described().at(-1)).toMatchObject({ id: 'tallybook', origin: 'own', faults: [] })
    expect(JSON.parse(again.described().at(-1)?.text ?? '')).toEqual(JSON.parse(textOf()))
  })

  it('take a changed manifest in place of the former one', () => {
    const connectors = open()
    connectors.save(textOf())
    connectors.save(textOf((m) => Object.assign(m, { name: 'Tallybook Two' })))
    expect(
      connectors
        .list()
        .filter((each) => each.id === 'tallybook')
        .map((each) => each.name),
    ).toEqual(['Tallybook Two'])
  })

  it('keep what was there when a manifest has faults, and say where', () => {
    const connectors = open()
    connectors.save(textOf())
    const before = readFileSync(join(own(), 'tallybook.json'), 'utf8')
    expect(() => connectors.save(textOf((m) => Object.assign(m.signIn, { tokenUrl: 'http://x' })))).toThrow(
      expect.objectContaining({
        code: 'bad_request',
        message: expect.stringMatching(/line \d+, column \d+ \(signIn.tokenUrl\)/),
      }),
    )
    expect(readFileSync(join(own(), 'tallybook.json'), 'utf8')).toBe(before)
  })

  it.each(['zendesk', 'autotimer'])('cannot be shadowed: %s', (id) => {
    const text = textOf((m) => Object.assign(m, { id }))
    const connectors = open()
    expect(() => connectors.save(text)).toThrow(
      expect.objectContaining({ code: 'bad_request', message: expect.stringContaining(id) }),
    )
    drop(`${id}.json`, text)
    const again = open()
    expect(again.find(id)?.name).not.toBe('Tallybook')
    expect(again.notices).toHaveLength(1)
  })

  it('lose one that is removed, but not while an account uses it', () => {
    const used = ['tallybook']
    const connectors = open(used)
    connectors.save(textOf())
    expect(() => connectors.remove('tallybook')).toThrow(expect.objectContaining({ code: 'vendor_conflict' }))
    expect(connectors.find('tallybook')).not.toBeNull()
    used.length = 0
    connectors.remove('tallybook')
    expect(connectors.find('tallybook')).toBeNull()
    expect(open().find('tallybook')).toBeNull()
    expect(() => connectors.remove('tallybook')).toThrow(expect.objectContaining({ code: 'not_found' }))
    expect(() => connectors.remove('autotimer')).toThrow(expect.objectContaining({ code: 'not_found' }))
  })

  it('start with damaged files beside them, each of which is said once', () => {
    drop('tallybook.json', textOf())
    drop('cut.json', '{"manifest": 1, "id"')
    drop('list.json', '[1]')
    drop(
      'faulty.json',
      textOf((m) => Object.assign(m, { id: 'faulty', hosts: [] })),
    )
    drop('renamed.json', textOf())
    drop('..hidden.json', textOf())
    drop('notes.txt', 'not a connector')
    const connectors = open()
    expect(connectors.find('tallybook')).not.toBeNull()
    expect(connectors.notices.map((notice) => notice.code)).toEqual(Array(5).fill('settings_damaged'))
    expect(connectors.notices.map((notice) => notice.detail)).toEqual(['..hidden', 'cut', 'faulty', 'list', 'renamed'])
    const faulty = connectors.described().find((each) => each.id === 'faulty')
    expect(faulty?.faults[0]).toMatchObject({ path: 'hosts', line: expect.any(Number) })
    expect(readFileSync(join(own(), 'cut.json'), 'utf8')).toBe('{"manifest": 1, "id"')
  })
})
