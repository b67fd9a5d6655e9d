import { randomUUID } from 'node:crypto'
import type { StoredFile } from '../../content/conversations.ts'
import { json, type Reply } from '../../exchange.ts'
import { body, type Call, limitOf, listPage } from './call.ts'
import { refuse } from './errors.ts'
import { pipelinesOf } from './sites.ts'

const since = '2024-03-01T09:00:00.000Z'

export function accountDetails(call: Call): Reply {
  return json(200, {
    portalId: Number(call.store.spec.id),
    accountType: 'STANDARD',
    timeZone: 'Europe/Berlin',
    companyCurrency: 'EUR',
    additionalCurrencies: [],
    utcOffset: '+01:00',
    utcOffsetMilliseconds: 3_600_000,
    uiDomain: 'app-eu1.hubspot.com',
    dataHostingLocation: 'eu1',
  })
}

export function listInboxes(call: Call): Reply {
  const inbox = {
    id: call.wire.inboxId(),
    name: `${call.store.spec.name} inbox`,
    type: 'HELP_DESK',
    createdAt: since,
    updatedAt: since,
    archived: false,
  }
  const { items, next } = listPage(call, [inbox], limitOf(call, 100, 100))
  return json(200, { results: items, ...next })
}

const channelNames = [
  { id: '1000', name: 'Live chat' },
  { id: '1002', name: 'Email' },
  { id: '1003', name: 'Forms' },
]

export function listChannels(call: Call): Reply {
  const { items, next } = listPage(call, channelNames, limitOf(call, 100, 100))
  return json(200, { results: items, ...next })
}

export function listChannelAccounts(call: Call): Reply {
  const wanted = call.query.get('channelId')
  const kinds = { '1000': 'chat', '1002': 'email', '1003': 'web' } as const
  const all = channelNames.map(({ id, name }) => {
    const channel = kinds[id as keyof typeof kinds]
    const row = { ...call.store.row(0), channel }
    return {
      id: call.wire.channelAccountId(row),
      channelId: id,
      inboxId: call.wire.inboxId(),
      name,
      active: true,
      authorized: true,
      ...(channel === 'email'
        ? { deliveryIdentifier: { type: 'HS_EMAIL_ADDRESS', value: call.store.spec.supportEmail } }
        : {}),
      createdAt: since,
      archived: false,
    }
  })
  const { items, next } = listPage(
    call,
    all.filter((account) => wanted === null || account.channelId === wanted),
    limitOf(call, 100, 100),
  )
  return json(200, { results: items, ...next })
}

export function listPipelines(call: Call): Reply {
  if (call.params.kind !== 'tickets' && call.params.kind !== 'ticket') throw refuse.notFound('Pipeline')
  const results = pipelinesOf(call.store.spec).map((pipeline, displayOrder) => ({
    id: pipeline.id,
    label: pipeline.label,
    displayOrder,
    archived: false,
    createdAt: since,
    updatedAt: since,
    stages: pipeline.stages.map((stage, at) => {
      const closed = ['solved', 'closed'].includes(stage.kind)
      return {
        id: stage.id,
        label: stage.label,
        displayOrder: at,
        archived: false,
        metadata: { ticketState: closed ? 'CLOSED' : 'OPEN', isClosed: String(closed) },
        createdAt: since,
        updatedAt: since,
      }
    }),
  }))
  return json(200, { results })
}

/** POST /crm/v3/objects/notes: a note on the ticket it is associated with. */
export function createNote(call: Call): Reply {
  const wish = body(call)
  const properties = wish.properties as Record<string, unknown> | undefined
  if (typeof properties?.hs_timestamp !== 'string')
    throw refuse.invalid('Error creating NOTE. Some required properties were not set.', [
      { message: 'hs_timestamp is required', context: { propertyName: ['hs_timestamp'] } },
    ])
  const associations = Array.isArray(wish.associations) ? (wish.associations as { to?: { id?: string } }[]) : []
  const index = call.wire.ticketIndex(associations[0]?.to?.id ?? '')
  const text = String(properties.hs_note_body ?? '')
  if (call.store.has(index))
    call.store.receive(index, 'note', call.staff, { html: text, text: text.replace(/<[^>]*>/g, '') })
  const now = new Date().toISOString()
  const id = String(80_000_000 + call.store.received.length)
  return json(201, {
    id,
    properties: { hs_note_body: text, hs_timestamp: properties.hs_timestamp, hs_object_id: id },
    createdAt: now,
    updatedAt: now,
    archived: false,
  })
}

/** POST /files/v3/files, multipart. The id can then be attached to one or more messages. */
export async function uploadFile(call: Call): Promise<Reply> {
  const type = call.exchange.headers['content-type'] ?? ''
  const form = await new Response(new Uint8Array(call.exchange.body), { headers: { 'content-type': type } })
    .formData()
    .catch(() => {
      throw refuse.invalid('The request must be multipart/form-data')
    })
  const file = form.get('file')
  if (!(file instanceof File)) throw refuse.invalid('file is required')
  if (form.get('options') === null) throw refuse.invalid('options is required')
  const name = String(form.get('fileName') ?? file.name)
  const id = String(Number.parseInt(randomUUID().slice(0, 8), 16) + 5_000_000_000)
  const held: StoredFile = { name, contentType: file.type, inline: false, bytes: Buffer.from(await file.arrayBuffer()) }
  call.store.uploads.set(id, [held])
  const now = new Date().toISOString()
  return json(201, {
    id,
    createdAt: now,
    updatedAt: now,
    archived: false,
    name: name.replace(/\.[^.]*$/, ''),
    extension: name.split('.').at(-1) ?? '',
    type: file.type.startsWith('image/') ? 'IMG' : 'DOCUMENT',
    size: held.bytes.length,
    path: `/${name}`,
    access: 'PRIVATE',
    url: call.wire.fileUrl(id, name),
  })
}

function fileOf(call: Call, id: string): StoredFile | undefined {
  const { index, seq, place } = call.wire.filePlace(id)
  return (
    call.store.uploads.get(id)?.[0] ??
    (call.store.has(index) ? call.store.entries(index)[seq]?.files[place] : undefined)
  )
}

/** GET signed-url: a link to another host that needs no token. */
export function signedUrl(call: Call): Reply {
  const id = call.params.id ?? ''
  const file = fileOf(call, id)
  if (!file) throw refuse.notFound('File')
  const seconds = Number(call.query.get('expirationSeconds') ?? 300)
  return json(200, {
    expiresAt: new Date(Date.now() + seconds * 1000).toISOString(),
    url: call.wire.fileUrl(id, file.name),
    name: file.name.replace(/\.[^.]*$/, ''),
    extension: file.name.split('.').at(-1) ?? '',
    type: file.contentType.startsWith('image/') ? 'IMG' : 'DOCUMENT',
    size: file.bytes.length,
  })
}
