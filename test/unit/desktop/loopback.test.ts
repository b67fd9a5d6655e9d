import { request } from 'node:http'
import { connect, createServer } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createLoopback } from '../../../main/desktop/loopback.ts'
import type { LoopbackListener } from '../../../main/ports.ts'
import { createLog } from './fakes.ts'

const path = '/oauth/callback'
const open: LoopbackListener[] = []
const isMine = (url: string) => new URL(url).searchParams.get('state') === 'mine'

async function listen(): Promise<LoopbackListener> {
  const listener = await createLoopback(createLog()).listen(path, isMine)
  open.push(listener)
  return listener
}
afterEach(() => {
  for (const listener of open.splice(0)) listener.close()
})

interface Reply {
  status: number
  body: string
  headers: Record<string, string | string[] | undefined>
}

function ask(url: string, options: { method?: string; headers?: Record<string, string> } = {}): Promise<Reply> {
  return new Promise((resolve, reject) => {
    request(url, { agent: false, ...options }, (response) => {
      let body = ''
      response.on('data', (part) => {
        body += String(part)
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body, headers: response.headers }))
    })
      .on('error', reject)
      .end()
  })
}

/** True when something takes connections there. */
function isOpen(address: string, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(address).port), host)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

describe('O09: the loopback listener (RFC 8252 7.3)', () => {
  it('is on 127.0.0.1 and a free port, another one for each sign-in', async () => {
    const [one, other] = [await listen(), await listen()]
    expect(one.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/oauth\/callback$/)
    expect(one.address).not.toBe(other.address)
  })

  it('is closed by the first answer it accepts', async () => {
    const listener = await listen()
    const url = `${listener.address}?code=c&state=mine`
    expect(await ask(url)).toMatchObject({ status: 200 })
    expect(await listener.received).toBe(url)
    await expect.poll(() => isOpen(listener.address)).toBe(false)
  })

  it('is closed when the sign-in ends without an answer', async () => {
    const listener = await listen()
    listener.close()
    await expect.poll(() => isOpen(listener.address)).toBe(false)
  })
})

describe('O10: nobody else', () => {
  it('can bind the port while it waits', async () => {
    const listener = await listen()
    const second = createServer()
    const outcome = await new Promise<string>((resolve) => {
      second.once('error', (error) => resolve('code' in error ? String(error.code) : 'error'))
      second.listen({ host: '127.0.0.1', port: Number(new URL(listener.address).port) }, () => resolve('bound'))
    })
    second.close()
    expect(outcome).toBe('EADDRINUSE')
  })
})

describe('O11: everything but the one answer', () => {
  it.each([
    ['another path', (address: string) => address.replace(path, '/other'), {}],
    ['a longer path', (address: string) => address.replace(path, `${path}/more`), {}],
    ['no query', (address: string) => address, {}],
    ['a forged state', (address: string) => `${address}?code=c&state=forged`, {}],
    ['another method', (address: string) => `${address}?code=c&state=mine`, { method: 'POST' }],
    ['HEAD', (address: string) => `${address}?code=c&state=mine`, { method: 'HEAD' }],
    ['another Host', (address: string) => `${address}?code=c&state=mine`, { headers: { host: 'evil.example' } }],
    ['a Host with another port', (address: string) => `${address}?state=mine`, { headers: { host: '127.0.0.1:1' } }],
  ])('is refused and does not use it up: %s', async (_name, change, options) => {
    const listener = await listen()
    expect(await ask(change(listener.address), options)).toMatchObject({ status: 404 })
    const good = `${listener.address}?code=c&state=mine`
    expect(await ask(good)).toMatchObject({ status: 200 })
    expect(await listener.received).toBe(good)
  })

  it('gets pages without a script, a referrer, a cache, or any part of the request', async () => {
    const listener = await listen()
    const refused = await ask(`${listener.address}?state=forged&x=<script>alert(1)</script>`)
    const taken = await ask(`${listener.address}?code=c0de-canary&state=mine`)
    for (const { body, headers } of [refused, taken]) {
      expect(body).not.toMatch(/<script|c0de-canary|alert|mine/)
      expect(headers['referrer-policy']).toBe('no-referrer')
      expect(headers['cache-control']).toBe('no-store')
      expect(headers['content-security-policy']).toContain("default-src 'none'")
    }
    expect(taken.body).toContain('You can close this page')
  })

  it('survives garbage on the wire', async () => {
    const listener = await listen()
    await new Promise<void>((resolve) => {
      const socket = connect(Number(new URL(listener.address).port), '127.0.0.1', () =>
        socket.end('\u0000\u0001 no http\r\n\r\n'),
      )
      socket.on('close', () => resolve())
      socket.on('error', () => resolve())
      socket.resume()
    })
    const good = `${listener.address}?code=c&state=mine`
    expect(await ask(good)).toMatchObject({ status: 200 })
  })
})
