import '../oauth/support/plain-node.ts'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDocumentFolder } from '../../../main/accounts/documents.ts'
import { sessionDocuments } from '../../../main/workstation/session-documents.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'manydesk-session-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const before = { accounts: ['a'] }

function setUp() {
  const disk = openDocumentFolder(folder, () => 1)
  disk.file('accounts').write(before)
  const bytes = readFileSync(join(folder, 'accounts.json'))
  return { documents: sessionDocuments(disk), bytes }
}

describe('documents of a session that leaves no trace', () => {
  it('begin as what is on disk', () => {
    expect(setUp().documents.file('accounts').read()).toEqual({ kind: 'found', value: before })
  })

  it('remember what is written, and write nothing', () => {
    const { documents, bytes } = setUp()
    documents.file('accounts').write({ accounts: [] })
    documents.file('brands').write({ brands: [] })
    expect(documents.file('accounts').read()).toEqual({ kind: 'found', value: { accounts: [] } })
    expect(documents.file('brands').read()).toEqual({ kind: 'found', value: { brands: [] } })
    expect(readdirSync(folder)).toEqual(['accounts.json'])
    expect(readFileSync(join(folder, 'accounts.json'))).toEqual(bytes)
  })

  it('neither remove nor set aside anything', () => {
    const { documents, bytes } = setUp()
    documents.file('accounts').remove()
    expect(documents.file('accounts').read()).toEqual({ kind: 'absent' })
    documents.file('accounts').setAside()
    documents.setAside()
    expect(readFileSync(join(folder, 'accounts.json'))).toEqual(bytes)
  })

  it('do not change with the value that was handed in', () => {
    const { documents } = setUp()
    const value = { list: [1] }
    documents.file('x').write(value)
    value.list.push(2)
    expect(documents.file('x').read()).toEqual({ kind: 'found', value: { list: [1] } })
  })
})
