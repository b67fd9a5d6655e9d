import { describe, expect, it, vi } from 'vitest'
import { copyText, createConnectorsStore } from '../../../renderer/state/connectors.ts'
import { createFakeBridge } from '../../renderer/fake-bridge.ts'

async function loaded() {
  const fake = createFakeBridge()
  const store = createConnectorsStore(fake.bridge)
  const act = store.getState()
  await act.load()
  return { fake, store, act }
}

describe('custom connectors', () => {
  it('a shipped one is opened as a copy under another id, an own one as it is', async () => {
    const { store, act } = await loaded()
    const [shipped, own] = store.getState().connectors
    if (!shipped || !own) throw new Error('no connectors')
    act.edit(shipped)
    expect(store.getState().editing).toMatchObject({ saved: null })
    expect(JSON.parse(store.getState().editing?.text ?? '').id).toBe('my-autotimer')
    act.edit(own)
    expect(store.getState().editing).toMatchObject({ saved: { id: 'parcel-desk' }, text: own.text })
  })

  it('the text is checked a moment after the typing stops, and only its newest form counts', async () => {
    const { fake, store, act } = await loaded()
    act.create('{')
    await vi.waitFor(() => expect(store.getState().editing?.faults).toHaveLength(1))
    act.write('{ "id": "a", "name": "A"')
    act.write('{ "id": "a", "name": "A" }')
    expect(store.getState().editing?.checked).toBe(false)
    await vi.waitFor(() => expect(store.getState().editing).toMatchObject({ checked: true, faults: [] }))
    expect(fake.callsOf('connectors.check').map(({ text }) => text)).toEqual(['{', '{ "id": "a", "name": "A" }'])
  })

  it('what was saved is the saved one from then on, and a refusal keeps the text', async () => {
    const { fake, store, act } = await loaded()
    act.create('{ "id": "desk", "name": "Desk" }')
    await act.save()
    expect(store.getState().editing).toMatchObject({ saved: { id: 'desk' }, saving: false })
    fake.fail('connectors.save', { code: 'store_full', message: 'The disk is full.', action: null, detail: null })
    act.write('{ "id": "desk", "name": "Other" }')
    await act.save()
    expect(store.getState().editing).toMatchObject({
      text: '{ "id": "desk", "name": "Other" }',
      saving: false,
      error: { code: 'store_full' },
    })
  })

  it('a trial shows the answer raw and mapped, or why it failed', async () => {
    const { fake, store, act } = await loaded()
    act.create('{ "id": "a", "name": "A" }')
    await act.run({ accountId: 'a1', request: 'entries', conversationVendorId: null })
    expect(store.getState().trial.result?.mapped?.conversations[0]?.subject).toBe('Missing entry, 12 May')
    fake.fail('connectors.try', { code: 'offline', message: 'Offline.', action: null, detail: null })
    await act.run({ accountId: 'a1', request: 'entries', conversationVendorId: null })
    expect(store.getState().trial).toMatchObject({ running: false, result: null, error: { code: 'offline' } })
  })

  it('an answer for one that was left says nothing about the one opened after it', async () => {
    const { fake, store, act } = await loaded()
    const gates: (() => void)[] = []
    const later = createConnectorsStore({
      connectors: {
        ...fake.bridge.connectors,
        save: async (args) => {
          await new Promise<void>((resolve) => gates.push(resolve))
          return fake.bridge.connectors.save(args)
        },
        try: async (args) => {
          await new Promise<void>((resolve) => gates.push(resolve))
          return fake.bridge.connectors.try(args)
        },
      },
    })
    await later.getState().load()
    later.getState().create('{ "id": "one", "name": "One" }')
    const saving = later.getState().save()
    const running = later.getState().run({ accountId: 'a1', request: 'entries', conversationVendorId: null })
    later.getState().leave()
    later.getState().create('{ "id": "two", "name": "Two" }')
    for (const open of gates) open()
    await Promise.all([saving, running])
    expect(later.getState()).toMatchObject({
      editing: { saved: null, saving: false },
      trial: { running: false, result: null },
    })
    expect(later.getState().connectors.map(({ id }) => id)).toContain('one')
    expect(store.getState().editing).toBeNull()
    act.leave()
  })

  it('what a saved one would newly do is asked again after it was saved', async () => {
    const { fake, store, act } = await loaded()
    act.create('{ "id": "desk", "name": "Desk" }')
    await vi.waitFor(() => expect(store.getState().editing?.checked).toBe(true))
    await act.save()
    await vi.waitFor(() => expect(fake.callsOf('connectors.check')).toHaveLength(2))
    expect(store.getState().editing).toMatchObject({ saved: { id: 'desk' } })
  })

  it('copies get an id of their own, and nothing else of them changes', () => {
    expect(copyText('{\n  "manifest": 1,\n  "id" : "desk",\n  "x": {"id": "y"}\n}')).toBe(
      '{\n  "manifest": 1,\n  "id" : "my-desk",\n  "x": {"id": "y"}\n}',
    )
  })
})
