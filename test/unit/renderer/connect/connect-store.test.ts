import { describe, expect, it } from 'vitest'
import type { ErrorShape } from '../../../../preload/errors.ts'
import { createConnectStore } from '../../../../renderer/state/connect.ts'
import { createFakeBridge } from '../../../renderer/fake-bridge.ts'
import { fakeHandshake, fakeVendor } from './fake-vendor.ts'

const failure = (code: ErrorShape['code']): ErrorShape => ({ code, message: 'No.', action: null, detail: null })

function setup() {
  const fake = createFakeBridge()
  const store = createConnectStore(fake.bridge)
  return { fake, store, act: store.getState() }
}

/** A form that is ready to be sent. */
function filled() {
  const all = setup()
  all.act.chooseVendor(fakeVendor())
  all.act.typeSite('subdomain', 'acme')
  all.act.edit({ clientId: 'client', clientSecret: 'secret-of-acme' })
  return all
}

describe('the connect store', () => {
  it('tells back what was understood of a pasted address', async () => {
    const { store, act } = setup()
    act.chooseVendor(fakeVendor())
    act.typeSite('subdomain', 'https://acme.desk.example/agent')
    await act.checkSite()
    expect(store.getState().step).toMatchObject({ form: { checked: { site: { subdomain: 'acme' } } }, siteError: null })
  })

  it('drops the answer about a site that was typed over meanwhile', async () => {
    const { store, act } = setup()
    act.chooseVendor(fakeVendor())
    act.typeSite('subdomain', 'acme')
    const check = act.checkSite()
    act.typeSite('subdomain', 'acme-two')
    await check
    expect(store.getState().step).toMatchObject({ form: { site: { subdomain: 'acme-two' }, checked: null } })
  })

  it('asks about the site at once where nothing has to be typed', async () => {
    const { fake, act } = setup()
    act.chooseVendor(fakeVendor({ siteFields: [] }))
    await Promise.resolve()
    expect(fake.callsOf('vendors.checkSite')).toEqual([{ vendor: 'desk', site: {} }])
  })

  it('does not start a sign-in while something is missing or the site is not understood', async () => {
    const { fake, store, act } = setup()
    act.chooseVendor(fakeVendor())
    await act.submit()
    expect(store.getState().step).toMatchObject({ name: 'client', showProblems: true })
    fake.fail('vendors.checkSite', failure('site_invalid'))
    act.typeSite('subdomain', '???')
    act.edit({ clientId: 'client', clientSecret: 'secret' })
    await act.submit()
    expect(store.getState().step).toMatchObject({ name: 'client', siteError: { code: 'site_invalid' } })
    expect(fake.callsOf('accounts.connect')).toEqual([])
  })

  it('starts the handshake and shows it', async () => {
    const { fake, store, act } = filled()
    await act.submit()
    expect(fake.callsOf('accounts.connect')[0]).toMatchObject({ client: { clientId: 'client' }, way: 'auth-window' })
    expect(store.getState().step).toMatchObject({ name: 'sign-in', attemptId: 'attempt-1' })
  })

  it('keeps the form and says why when the handshake could not start', async () => {
    const { fake, store, act } = filled()
    fake.fail('accounts.connect', failure('keyring_locked'))
    await act.submit()
    expect(store.getState().step).toMatchObject({
      name: 'client',
      sending: false,
      sendError: { code: 'keyring_locked' },
      form: { clientId: 'client' },
    })
  })

  it('tries again with what was typed, without asking for it', async () => {
    const { fake, store, act } = filled()
    await act.submit()
    const failed = fakeHandshake({ step: 'failed', error: failure('handshake_closed') })
    await act.tryAgain(failed, fakeVendor(), { way: 'system-browser', redirect: 'app' })
    const [first, second] = fake.callsOf('accounts.connect')
    expect(second).toEqual({ ...first, way: 'system-browser', redirect: 'app' })
    expect(store.getState().step).toMatchObject({ attemptId: 'attempt-2' })
    expect(Object.keys(store.getState().drafts)).toEqual(['attempt-2'])
  })

  it('opens the form of a failed attempt again, filled', async () => {
    const { store, act } = filled()
    await act.submit()
    act.editForm(fakeHandshake({ step: 'failed' }), fakeVendor())
    expect(store.getState().step).toMatchObject({ name: 'client', form: { clientId: 'client' } })
    expect(store.getState().drafts).toEqual({})
  })

  it('holds no secret any more once the sign-in is done', async () => {
    const { fake, store, act } = filled()
    await act.submit()
    expect(JSON.stringify(store.getState())).toContain('secret-of-acme')
    fake.emit('handshake.changed', fakeHandshake({ step: 'done', accountId: 'account-1' }))
    expect(JSON.stringify(store.getState())).not.toContain('secret-of-acme')
  })

  it('reconnects a known account rather than connecting it anew', async () => {
    const { fake, store, act } = setup()
    const failed = fakeHandshake({ step: 'failed', accountId: 'a1', error: failure('handshake_other_user') })
    await act.tryAgain(failed, fakeVendor())
    expect(fake.callsOf('accounts.reconnect')).toEqual([{ accountId: 'a1' }])
    expect(fake.callsOf('accounts.connect')).toEqual([])
    expect(store.getState().step).toMatchObject({ name: 'sign-in', attemptId: 'attempt-1' })
  })

  it('asks for the form again when nothing of the failed attempt is left', async () => {
    const { store, act } = setup()
    await act.tryAgain(fakeHandshake({ step: 'failed', error: failure('timeout') }), fakeVendor())
    expect(store.getState().step).toMatchObject({ name: 'client', form: { clientId: '' } })
  })

  it('shows why a sign-in could not be cancelled', async () => {
    const { fake, store, act } = filled()
    await act.submit()
    fake.fail('accounts.cancelHandshake', failure('not_found'))
    await act.cancel('attempt-1')
    expect(store.getState().step).toMatchObject({ actionError: { code: 'not_found' } })
  })
})
