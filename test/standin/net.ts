import type { ClientRequestConstructorOptions } from 'electron'
import { GuardedEmitter } from './absent.ts'
import { app } from './app.ts'
import { ClientRequest } from './client-request.ts'
import { type FetchInit, netFetch } from './net-fetch.ts'
import { runtime } from './runtime.ts'
import { sessionOf } from './session.ts'

/** Electron's `net`: requests of the app itself, under the default session. */
class Net extends GuardedEmitter {
  get online(): boolean {
    return this.isOnline()
  }

  isOnline(): boolean {
    return !runtime.offline
  }

  request(options: ClientRequestConstructorOptions): ClientRequest {
    if (!app.isReady()) throw new Error('net.request can only be used after the app is ready')
    return new ClientRequest(sessionOf(''), options)
  }

  async fetch(input: string | Request, init?: FetchInit): Promise<Response> {
    if (!app.isReady()) throw new Error('net.fetch can only be used after the app is ready')
    return netFetch(sessionOf(''), input, init)
  }
}

export const net = new Net()
