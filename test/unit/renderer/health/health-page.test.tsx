// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { App } from '../../../../renderer/app.tsx'
import { filterRows } from '../../../../renderer/state/health-words.ts'
import { createWorkspace } from '../../../../renderer/workspace.tsx'
import { createFakeBridge, type FakeBridge } from '../../../renderer/fake-bridge.ts'
import { troubledHealth } from '../../../renderer/scenarios-health.ts'

beforeEach(() => {
  Object.defineProperty(window, 'innerWidth', { configurable: true, value: 1280 })
  window.matchMedia = () => Object.assign(new EventTarget(), { matches: false }) as MediaQueryList
})
afterEach(cleanup)

async function openPage(prepare: (fake: FakeBridge) => void = troubledHealth) {
  const fake = createFakeBridge()
  prepare(fake)
  const workspace = createWorkspace(fake.bridge)
  render(<App workspace={workspace} />)
  await waitFor(() => expect(screen.getByTestId('app').getAttribute('aria-busy')).toBe('false'))
  act(() => workspace.app.getState().show('accounts', 'health'))
  return { fake, workspace }
}

const table = () => screen.findByRole('grid', { name: 'Health of accounts' })
const rows = async () =>
  within(await table())
    .getAllByRole('row')
    .slice(1)
const sites = async () => (await rows()).map((row) => within(row).getByRole('rowheader').textContent)
const rowOf = async (site: string) => {
  const found = (await rows()).find((row) => within(row).getByRole('rowheader').textContent?.includes(site))
  if (!found) throw new Error(`no row of ${site}`)
  return found
}
const sortBy = async (name: string) =>
  fireEvent.click(within(await table()).getByRole('columnheader', { name: new RegExp(name) }))

describe('the health page', () => {
  test('puts what is broken first, then what breaks soonest, each with its remedy beside it', async () => {
    const { fake } = await openPage()
    const [first] = await rows()
    expect(first?.textContent).toContain('Signed out')
    expect((await rowOf('lumen-skin')).textContent).toContain('Breaks in 6 days')
    expect((await rows()).at(-1)?.textContent).toContain('Lasts 88 days unused')
    fireEvent.click(
      within(await rowOf('lumen-skin')).getByRole('button', { name: 'Reconnect Mara Lindqvist at lumen-skin' }),
    )
    await waitFor(() => expect(fake.callsOf('accounts.reconnect')).toEqual([{ accountId: 'a2' }]))
  })

  test('shows calls per hour as a picture whose name has the numbers', async () => {
    await openPage()
    const plot = within(await rowOf('northwind')).getByRole('img')
    expect(plot.getAttribute('aria-label')).toMatch(/^[\d,]+ calls in 24 hours, 72 failed; \d+ in the busiest hour$/)
  })

  test('sorts by a column and back', async () => {
    await openPage()
    await sortBy('Account')
    const sorted = await sites()
    expect(sorted[0]).toContain('hauswerk')
    await sortBy('Account')
    expect((await sites())[0]).toContain('Pixel & Pine')
  })

  test('narrows to accounts that need attention', async () => {
    await openPage()
    await table()
    fireEvent.click(screen.getByRole('radio', { name: /^Need attention/ }))
    expect(await rows()).toHaveLength(4)
    expect((await sites()).join()).not.toContain('Pixel & Pine')
  })

  test('says so when nothing needs attention', async () => {
    await openPage(() => undefined)
    await table()
    fireEvent.click(screen.getByRole('radio', { name: /^Need attention/ }))
    expect(await screen.findByRole('heading', { name: 'Nothing needs your attention' })).toBeTruthy()
  })

  test('opens one account in full and keeps the day its client secret ends', async () => {
    const { fake } = await openPage()
    fireEvent.click(within(await rowOf('northwind')).getByRole('rowheader'))
    const details = await screen.findByRole('complementary', { name: 'Health of Mara Lindqvist at northwind' })
    expect(details.textContent).toContain('not current since')
    expect(details.textContent).toContain('700 calls per minute')
    fireEvent.change(within(details).getByLabelText('Client secret ends on'), { target: { value: '2031-04-09' } })
    fireEvent.click(within(details).getByRole('button', { name: 'Save date' }))
    await waitFor(() => expect(fake.callsOf('health.setSecretExpiry')).toHaveLength(1))
    const [call] = fake.callsOf('health.setSecretExpiry')
    expect(new Date(call?.at ?? 0).toDateString()).toBe(new Date(2031, 3, 9).toDateString())
    await waitFor(() => expect(details.textContent).toContain('9 Apr 2031'))
  })

  test('shows of one account each thing there is to know: user, scopes, both expiries, last success and error, calls, budget, next refresh', async () => {
    await openPage((fake) => {
      troubledHealth(fake)
      const [, second] = fake.data.health
      const error = { code: 'vendor_failed' as const, message: 'Zendesk has trouble.', action: null, detail: null }
      if (second) Object.assign(second, { lastError: { at: Date.now() - 60_000, error } })
    })
    fireEvent.click(within(await rowOf('lumen-skin')).getByRole('rowheader'))
    const details = await screen.findByRole('complementary', { name: 'Health of Mara Lindqvist at lumen-skin' })
    const facts = new Map(
      within(details)
        .getAllByRole('term')
        .map((term) => [term.textContent, term.nextElementSibling?.textContent ?? '']),
    )
    expect([...facts.keys()]).toEqual([
      ...['User', 'Last success', 'Last error', 'Access', 'Next refresh', 'Sign-in lasts', 'Scopes'],
      ...['Calls', 'Rate budget', 'Clock'],
    ])
    expect(facts.get('User')).toContain('Mara Lindqvist')
    expect(facts.get('Last error')).toContain('Zendesk has trouble.')
    expect(facts.get('Calls')).toMatch(/calls in 24 hours/)
    expect(facts.get('Rate budget')).toMatch(/% free, [\d,]+ calls per minute/)
    expect([...facts.values()].filter((value) => value === '')).toEqual([])
  })

  test('narrows to one vendor and one brand', async () => {
    const { workspace } = await openPage()
    const { accounts, brands } = workspace.accounts.getState()
    const all = accounts.map((account) => ({
      ...{ account, health: undefined },
      brand: brands.find(({ id }) => id === account.brandId),
    }))
    const [first] = all
    if (first === undefined) throw new Error('there are accounts')
    const { vendor, brandId } = first.account
    const sitesOf = (filters: Partial<Parameters<typeof filterRows>[1]>) =>
      filterRows(all, { show: 'all', vendor: null, brandId: null, ...filters }).map(({ account }) => account)
    expect(sitesOf({ vendor })).toEqual(accounts.filter((account) => account.vendor === vendor))
    expect(sitesOf({ brandId })).toEqual(accounts.filter((account) => account.brandId === brandId))
    expect(sitesOf({ vendor: 'none' })).toEqual([])
  })

  test('signs in to the chosen accounts one after another', async () => {
    const { fake } = await openPage()
    for (const site of ['northwind', 'lumen-skin']) fireEvent.click(within(await rowOf(site)).getByRole('checkbox'))
    fireEvent.click(screen.getByRole('button', { name: 'Reconnect 2 selected' }))
    const bar = await screen.findByRole('region', { name: 'Signing in to several accounts' })
    expect(bar.textContent).toContain('Signing in 1 of 2: Mara Lindqvist at northwind')
    fireEvent.click(await within(bar).findByRole('button', { name: 'Skip' }))
    await waitFor(() => expect(bar.textContent).toContain('Signing in 2 of 2: Mara Lindqvist at lumen-skin'))
    expect(fake.callsOf('accounts.reconnect').map(({ accountId }) => accountId)).toEqual(['a1', 'a2'])
  })

  test('offers to try again when it cannot be read', async () => {
    const error = {
      code: 'store_unavailable' as const,
      message: 'Manydesk is still starting.',
      action: null,
      detail: null,
    }
    const { fake } = await openPage((each) => each.fail('health.list', error))
    expect(await screen.findByText('Manydesk is still starting.')).toBeTruthy()
    fake.heal('health.list')
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }))
    expect(await table()).toBeTruthy()
  })

  test('offline it still shows what is known, and does not offer to sign in to several', async () => {
    await openPage((fake) => {
      troubledHealth(fake)
      fake.data.app.online = false
    })
    expect(await rows()).toHaveLength(5)
    expect(screen.getByText(/^Dates are as last known/)).toBeTruthy()
    fireEvent.click(within(await rowOf('northwind')).getByRole('checkbox'))
    expect(screen.getByRole('button', { name: 'Reconnect 1 selected' }).hasAttribute('disabled')).toBe(true)
  })
})

describe('the inbox', () => {
  const inInbox = async (prepare = troubledHealth) => {
    const opened = await openPage(prepare)
    act(() => opened.workspace.app.getState().show('inbox'))
    return { ...opened, notice: await screen.findByRole('status', { name: 'Not current' }) }
  }

  test('says over the list which account of the view is not current, and since when', async () => {
    const { workspace, notice } = await inInbox()
    expect(notice.textContent).toMatch(/^northwind is not current since \d\d:\d\d \(signed out\)$/)
    act(() => workspace.inbox.getState().filter((filters) => ({ ...filters, brandId: 'lumen' })))
    await waitFor(() => expect(notice.textContent).toBe(''))
  })

  test('marks a conversation of that account in its header', async () => {
    const { workspace } = await inInbox()
    act(() => workspace.inbox.getState().open('a1:50117'))
    expect(await screen.findByText(/^Not current since/)).toBeTruthy()
  })

  test('shows on the rail what is announced for a brand', async () => {
    await inInbox()
    expect(screen.getByRole('option', { name: /^Lumen Skincare.*lumen-skin: breaks in 6 days$/ })).toBeTruthy()
    expect(screen.getByRole('option', { name: /^Pixel & Pine, \d+ unread$/ })).toBeTruthy()
  })

  test('is quiet when all accounts are current', async () => {
    const { notice } = await inInbox(() => undefined)
    expect(notice.textContent).toBe('')
  })
})
