import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { connectControl, sandboxFetch } from '../../sandbox/client.ts'
import { startSandbox } from '../../sandbox/sandbox.ts'
import { SignInFlow } from '../../sandbox/sign-in.ts'
import { answerOf, sandboxBench } from './api.ts'

const site = 'nova.zendesk.com'
const root = `https://${site}/api/v2`
const email = 'mia.berg@nova.example'
const bench = sandboxBench({ perShare: 33 })

afterEach(() => bench.sandbox.control.clearFaults())

describe('faults', () => {
  const groups = { path: '/api/v2/groups' }

  test('a status strikes as often as armed, only where it fits', async () => {
    const { control } = bench.sandbox
    const api = await bench.api(site, email)
    await control.fail({ kind: 'status', status: 503, headers: { 'retry-after': '7' }, times: 2, target: groups })
    expect((await api.get(`${root}/users/me`)).status).toBe(200)
    const first = await api.get(`${root}/groups`)
    expect([first.status, first.headers.get('retry-after')]).toEqual([503, '7'])
    expect((await api.get(`${root}/groups`)).status).toBe(503)
    expect((await api.get(`${root}/groups`)).status).toBe(200)
  })

  test('HTML pages, broken JSON, empty and 10 MB bodies', async () => {
    const { control } = bench.sandbox
    const api = await bench.api(site, email)
    for (const kind of ['html', 'malformed', 'empty', 'huge'] as const) await control.fail({ kind, target: groups })
    expect((await api.get(`${root}/groups`)).headers.get('content-type')).toContain('text/html')
    expect(await api.get(`${root}/groups`)).toMatchObject({ status: 200, body: undefined })
    expect(await api.get(`${root}/groups`)).toMatchObject({ status: 200, text: '' })
    expect((await api.get(`${root}/groups`)).text.length).toBeGreaterThan(10 * 1024 * 1024)
  })

  test('a reset before leaves the write undone, a reset after leaves it done', async () => {
    const { control } = bench.sandbox
    const api = await bench.api(site, email)
    const [id = ''] = await control.conversationIds(site, { statusKind: 'open', limit: 1 })
    const put = (body: string) => api.send('PUT', `${root}/tickets/${id}`, { ticket: { comment: { body } } })
    await control.fail({ kind: 'reset', target: { method: 'PUT' } })
    await expect(put('lost')).rejects.toThrow()
    expect(await control.received(site, id)).toEqual([])
    await control.fail({ kind: 'reset-after', target: { method: 'PUT' } })
    await expect(put('arrived')).rejects.toThrow()
    expect((await control.received(site, id)).map((message) => message.text)).toEqual(['arrived'])
    expect(
      (await control.requests({ method: 'PUT', path: `/api/v2/tickets/${id}` })).map((request) => request.status),
    ).toEqual([null, 200])
  })

  test('a truncated body ends before its promised length', async () => {
    const api = await bench.api(site, email)
    await bench.sandbox.control.fail({ kind: 'truncate', target: groups })
    await expect(api.get(`${root}/groups`)).rejects.toThrow()
  })

  test('a delay holds the answer back until its time has passed', async () => {
    const api = await bench.api(site, email)
    await bench.sandbox.control.fail({ kind: 'delay', ms: 120, target: groups })
    const answer = await api.get(`${root}/groups`)
    const now = Date.now()
    const [request] = (await bench.sandbox.control.requests({ path: '/api/v2/groups' })).slice(-1)
    expect(answer.status).toBe(200)
    expect(now - (request?.at ?? now)).toBeGreaterThanOrEqual(119)
  })

  test('the token endpoint can be broken, too', async () => {
    const flow = bench.flow({ site, email })
    const { refreshToken } = await flow.run()
    await bench.sandbox.control.fail({ kind: 'reset-after', target: { path: '/oauth/tokens' } })
    await expect(flow.refresh(refreshToken)).rejects.toThrow()
    expect((await flow.refresh(refreshToken)).answer.error).toBe('invalid_grant')
  })
})

describe('offline', () => {
  test('one host is out of reach while the others answer', async () => {
    const { control } = bench.sandbox
    const nova = await bench.api(site, email)
    const acme = await bench.api('acme.zendesk.com', 'mia.berg@acme.example')
    await control.offline([site])
    await expect(nova.get(`${root}/groups`)).rejects.toThrow()
    expect((await acme.get('https://acme.zendesk.com/api/v2/groups')).status).toBe(200)
    await control.online()
    expect((await nova.get(`${root}/groups`)).status).toBe(200)
  })

  test('all hosts drop, present connections included, and come back', async () => {
    const { control } = bench.sandbox
    const nova = await bench.api(site, email)
    await control.offline('all')
    await expect(nova.get(`${root}/groups`)).rejects.toThrow()
    await control.online('all')
    expect((await nova.get(`${root}/groups`)).status).toBe(200)
  })
})

describe('what is seen', () => {
  test('every request is listed with its headers and body', async () => {
    const { control } = bench.sandbox
    const api = await bench.api(site, email)
    await control.clearRequests()
    await api.send('PUT', `${root}/tickets/3/tags`, { tags: ['seen'] })
    expect(await control.requests({ host: site })).toMatchObject([
      {
        method: 'PUT',
        path: '/api/v2/tickets/3/tags',
        headers: { authorization: `Bearer ${api.signedIn.accessToken}` },
        body: '{"tags":["seen"]}',
        status: 200,
      },
    ])
  })

  test('every secret that was given out or used is listed, dead ones too', async () => {
    const { control } = bench.sandbox
    const flow = bench.flow({ site: 'nova-desk.freshservice.com', email: 'pia.lund@nova.example' })
    const code = (await flow.allow()).searchParams.get('code') ?? ''
    const first = await flow.exchange(code)
    const second = await flow.refresh(first.refreshToken)
    await control.revoke()
    const values = new Set((await control.secrets()).map((secret) => secret.value))
    const known = [
      code,
      first.accessToken,
      first.refreshToken,
      second.accessToken,
      second.refreshToken,
      flow.user.password,
      flow.client.clientSecret ?? '',
    ]
    for (const secret of known) expect(values.has(secret)).toBe(true)
    expect((await control.secrets()).some((secret) => secret.kind === 'session_cookie')).toBe(true)
  })

  test('revoking one person leaves the others of the site signed in', async () => {
    const mia = await bench.api(site, email)
    const pia = await bench.api(site, 'pia.lund@nova.example')
    expect(await bench.sandbox.control.revoke({ site, user: email })).toBeGreaterThan(0)
    expect((await mia.get(`${root}/groups`)).status).toBe(401)
    expect((await pia.get(`${root}/groups`)).status).toBe(200)
  })

  test('changes of other agents are read through the API', async () => {
    const { control } = bench.sandbox
    const pia = await bench.api(site, 'pia.lund@nova.example')
    const [id = ''] = await control.conversationIds(site, { statusKind: 'open', limit: 1 })
    const sentByApi = await control.received(site, id)
    await control.change(site, id, { assignee: 'haruto.sato@nova.example', group: 'Repairs', priority: 'urgent' })
    await control.agentWrites(site, id, 'haruto.sato@nova.example', 'note', 'mine')
    const { ticket } = (await pia.get(`${root}/tickets/${id}`)).body
    const [haruto] = (await pia.get(`${root}/users/search?query=haruto.sato@nova.example`)).body.users
    expect(ticket).toMatchObject({ assignee_id: haruto.id, priority: 'urgent' })
    const opened = await control.customerOpens(site, 'Brand new', 'Hello?')
    expect((await pia.get(`${root}/tickets/${opened}`)).body.ticket).toMatchObject({
      subject: 'Brand new',
      status: 'new',
    })
    expect(await control.received(site, id)).toEqual(sentByApi)
  })

  test('wrong names are answered with what is known', async () => {
    await expect(bench.sandbox.control.customerWrites('nowhere', '1', 'x')).rejects.toThrow('nowhere')
    await expect(bench.sandbox.control.conversation(site, '99999999')).rejects.toThrow('99999999')
  })
})

describe('from another process', () => {
  test('has the same control, announces itself in one line, and ends on SIGTERM', async () => {
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, '../../sandbox/main.ts'), '--conversations', '200'],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
    let line = ''
    for await (const chunk of child.stdout) {
      line += chunk
      if (line.includes('\n')) break
    }
    const ready = JSON.parse(line)
    const { control, close } = connectControl(ready)
    expect((await control.directory()).sites).toEqual(ready.directory.sites)
    const id = await control.customerOpens(site, 'From afar', 'Hi')
    expect((await control.conversation(site, id)).subject).toBe('From afar')
    await expect(control.conversation(site, '0')).rejects.toThrow('no conversation 0')
    expect(ready.hostResolverRules).toContain(`MAP *.zendesk.com 127.0.0.1:${ready.port}`)
    await close()
    child.kill('SIGTERM')
    expect(await ended).toBe(0)
  })

  test('a client that expects another certificate is not let in', async () => {
    const stranger = sandboxFetch({ port: bench.sandbox.port, spki: 'AAAA' })
    await expect(stranger.fetch(`${root}/groups`)).rejects.toThrow()
    await stranger.close()
  })
})

test('a restart with the same data folder keeps certificate, tokens and content', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'manydesk-sandbox-'))
  const first = await startSandbox({ conversations: 200, dataDir })
  const client = sandboxFetch(first)
  const flow = new SignInFlow(client.fetch, first.directory, { site: '62515001', email: 'ines.fournier@lumen.example' })
  const { accessToken } = await flow.run()
  const list = async (fetch: typeof client.fetch) =>
    (
      await answerOf(
        await fetch('https://api.hubapi.com/conversations/v3/conversations/threads', {
          headers: { authorization: `Bearer ${accessToken}` },
        }),
      )
    ).body
  const before = await list(client.fetch)
  await client.close()
  await first.close()
  const second = await startSandbox({ conversations: 200, dataDir })
  const again = sandboxFetch({ port: second.port, spki: first.spki })
  expect(await list(again.fetch)).toEqual({ ...before, ...(before.paging ? { paging: before.paging } : {}) })
  await again.close()
  await second.close()
  await rm(dataDir, { recursive: true })
})
