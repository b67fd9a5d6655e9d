import type { Protocol } from './cdp.ts'
import type { Page } from './page.ts'
import { toAppUrl } from './schemes.ts'

/** One line of a page's console, with Electron's names. */
export interface ConsoleLine {
  level: string
  message: string
  lineNumber: number
  sourceId: string
}

const LEVELS: Record<string, string> = { error: 'error', assert: 'error', warning: 'warning', debug: 'debug' }

/** Reports what the page writes to its console, and its uncaught errors. */
export function watchConsole({ session }: Page, report: (line: ConsoleLine) => void): void {
  session.on('Runtime.consoleAPICalled', ({ type, args, stackTrace }) => {
    const message = args.map(({ value, description }) => String(value ?? description ?? '')).join(' ')
    const { lineNumber = 0, url = '' } = stackTrace?.callFrames[0] ?? {}
    report({ level: LEVELS[type] ?? 'info', message, lineNumber, sourceId: toAppUrl(url) })
  })
  session.on('Runtime.exceptionThrown', ({ exceptionDetails }) => {
    const { lineNumber, url = '' } = exceptionDetails
    report({ level: 'error', message: textOf(exceptionDetails), lineNumber, sourceId: toAppUrl(url) })
  })
}

/** What a page's code threw, as the error that `executeJavaScript` rejects with. */
export function pageError(details: Protocol.Runtime.ExceptionDetails): Error {
  const [first = ''] = textOf(details).split('\n')
  return new Error(first.replace(/^(Uncaught )?\w*Error: /, ''))
}

function textOf({ exception, text }: Protocol.Runtime.ExceptionDetails): string {
  return exception?.description ?? String(exception?.value ?? text)
}
