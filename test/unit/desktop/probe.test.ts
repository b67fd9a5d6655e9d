import { EventEmitter } from 'node:events'
import type { ClientRequest, Net, Session } from 'electron'
import { describe, expect, it } from 'vitest'
import { watchCertificates } from '../../../main/desktop/certificates.ts'
import { createProbe } from '../../../main/desktop/probe.ts'

class FakeRequest extends EventEmitter {
  aborted = false
  end(): this {
    return this
  }
  abort(): void {
    this.aborted = true
  }
}

function open() {
  const asked: unknown[] = []
  const request = new FakeRequest()
  const net: Pick<Net, 'request'> = {
    request: (options) => {
      asked.push(options)
      return request as unknown as ClientRequest
    },
  }
  return { probe: createProbe(net, () => null), request, asked }
}
const { signal } = new AbortController()

describe('a look at an address', () => {
  it('carries neither cookies nor anything else, and only over https', () => {
    const { probe, asked } = open()
    void probe.get('https://a.example/x', signal)
    expect(asked).toEqual([
      { url: 'https://a.example/x', method: 'GET', redirect: 'manual', credentials: 'omit', cache: 'no-store' },
    ])
    expect(() => probe.get('http://a.example/', signal)).toThrow('https')
    expect(() => probe.get('file:///etc/passwd', signal)).toThrow('https')
  })

  it('tells where a redirect leads, although the request then ends with an error', async () => {
    const { probe, request } = open()
    const answer = probe.get('https://a.example/', signal)
    request.emit('redirect', 302, 'GET', 'https://b.example/login', { date: ['now'] })
    request.emit('error', new Error('Redirect was cancelled'))
    expect(await answer).toMatchObject({ status: 302, location: 'https://b.example/login', date: 'now' })
  })

  it('reads the beginning of a body that does not end', async () => {
    const { probe, request } = open()
    const answer = probe.get('https://a.example/', signal)
    const response = Object.assign(new EventEmitter(), { statusCode: 200, headers: { 'content-type': 'text/html' } })
    request.emit('response', response)
    for (let piece = 0; piece < 5; piece += 1) response.emit('data', Buffer.alloc(16_384, 'x'))
    const { text, ...head } = await answer
    expect(text).toHaveLength(32_768)
    expect(head).toEqual({ status: 200, location: null, date: null, contentType: 'text/html' })
    expect(request.aborted).toBe(true)
  })

  it('rejects with what the network stack says, and ends when it is stopped', async () => {
    const failing = open()
    const failed = failing.probe.get('https://a.example/', signal)
    failing.request.emit('error', new Error('net::ERR_CERT_AUTHORITY_INVALID'))
    await expect(failed).rejects.toThrow('ERR_CERT_AUTHORITY_INVALID')

    const stopping = open()
    const stop = new AbortController()
    const stopped = stopping.probe.get('https://a.example/', stop.signal)
    stop.abort(new Error('enough'))
    await expect(stopped).rejects.toThrow('enough')
    expect(stopping.request.aborted).toBe(true)
  })
})

describe('watching certificates', () => {
  type Proc = Parameters<Session['setCertificateVerifyProc']>[0] & {}

  function watch() {
    let proc: Proc | undefined
    const issuerOf = watchCertificates({
      setCertificateVerifyProc: (given) => {
        proc = given ?? undefined
      },
    })
    const verdicts: number[] = []
    const ask = (hostname: string, errorCode: number, issuer = 'Some CA') => {
      const certificate = { issuerName: issuer, issuer: { commonName: issuer } }
      proc?.({ hostname, errorCode, certificate } as Parameters<Proc>[0], (verdict) => verdicts.push(verdict))
    }
    return { issuerOf, ask, verdicts }
  }

  it('E19: leaves every verdict to Chromium', () => {
    const { ask, verdicts } = watch()
    ask('a.example', 0)
    ask('a.example', -202)
    ask('b.example', -201)
    expect(verdicts).toEqual([-3, -3, -3])
  })

  it('remembers who issued what was refused, until it is accepted', () => {
    const { ask, issuerOf } = watch()
    ask('a.example', -202, 'Contoso Filter CA')
    expect(issuerOf('a.example')).toBe('Contoso Filter CA')
    expect(issuerOf('b.example')).toBeNull()
    ask('a.example', 0)
    expect(issuerOf('a.example')).toBeNull()
  })
})
