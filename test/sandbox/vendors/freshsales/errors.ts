import { html, json, Refusal } from '../../exchange.ts'

const refusal = (code: number, ...message: string[]) => new Refusal(json(code, { errors: { code, message } }))

export const refuse = {
  credentials: () => new Refusal(json(401, { login: 'failed', message: 'Your session has expired' })),
  denied: () => refusal(403, 'You do not have permission to perform this action'),
  /** A page, as the vendor sends for what it does not route. */
  notFound: () => new Refusal(html(404, '<h1>The page you were looking for does not exist.</h1>')),
  invalid: (...message: string[]) => refusal(400, ...message),
}
