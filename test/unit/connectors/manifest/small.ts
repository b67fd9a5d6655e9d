import { parseManifest } from '../../../../main/connectors/manifest/parse.ts'
import type { Manifest, ManifestInput } from '../../../../main/connectors/manifest/schema.ts'

/** The smallest manifest that says everything it must, of an invented vendor. */
export const small: ManifestInput = {
  manifest: 1,
  id: 'tallybook',
  name: 'Tallybook',
  description: 'Questions about bookings',
  account: {
    fields: [
      { key: 'team', label: 'Team', help: 'Short name', kind: 'word' },
      { key: 'note', label: 'Note', help: 'Anything', kind: 'text' },
    ],
    label: '<%= account.team %>.tallybook.example',
  },
  hosts: ['<%= account.team %>.tallybook.example'],
  signIn: {
    kind: 'oauth',
    authorizeUrl: 'https://id.tallybook.example/authorize',
    tokenUrl: 'https://id.tallybook.example/token',
    registration: { url: 'https://tallybook.example/help', steps: ['Paste the redirect URL.'] },
  },
  api: { baseUrl: 'https://<%= account.team %>.tallybook.example/api' },
  requests: {
    me: { method: 'GET', path: '/me' },
    list: { method: 'GET', path: '/questions' },
    one: { method: 'GET', path: '/questions/<%= conversation.id %>' },
    comments: { method: 'GET', path: '/questions/<%= conversation.id %>/comments' },
    answer: {
      method: 'POST',
      path: '/questions/<%= conversation.id %>/comments',
      headers: { 'X-Note': '<%= account.note %>' },
      json: { text: '<%= command.text %>', html: 'so: <%= command.html %>', to: '<%= account.note %>' },
    },
  },
  identity: { request: 'me', fields: { id: '$.id' } },
  conversations: {
    request: 'list',
    records: '$.questions',
    fields: {
      id: '$.id',
      subject: '$.title',
      status: '$.status',
      tags: '$.tags',
      createdAt: '$.made',
      updatedAt: '$.changed',
    },
  },
  thread: {
    record: { request: 'one' },
    messages: { request: 'comments', records: '$.comments', fields: { id: '$.id', createdAt: '$.at', text: '$.text' } },
  },
  writes: { reply: { request: 'answer' } },
}

export const site = { team: 'acme', note: 'hello' }

/** The small manifest with some of it replaced, as text with two blanks of indentation. */
export function textOf(change: (manifest: ManifestInput) => unknown = () => undefined): string {
  const copy = structuredClone(small)
  change(copy)
  return JSON.stringify(copy, null, 2)
}

/** @throws Error with the faults of a manifest that has some */
export function manifestOf(change?: (manifest: ManifestInput) => unknown): Manifest {
  const { manifest, faults } = parseManifest(textOf(change))
  if (manifest === null) throw new Error(JSON.stringify(faults))
  return manifest
}
