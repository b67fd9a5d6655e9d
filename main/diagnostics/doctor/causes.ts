import type { Connector } from '../../connectors/connector.ts'
import { redirectUris } from '../../oauth/model.ts'
import type { CauseId, StepResult, Subject } from './model.ts'

interface Words {
  sentence: string
  remedy: string
}

/** The cause as one sentence, and where to click. `results` fill in what was seen: an issuer, a data centre, missing rights. */
export function causeWords(cause: CauseId, subject: Subject, results: readonly StepResult[]): Words {
  const { connector, siteLabel, redirect } = subject
  const vendor = connector.name
  const step = (id: StepResult['id']) => results.find((each) => each.id === id)
  const seen = (id: StepResult['id'], key: string) => step(id)?.evidence[key] ?? null
  const uri = redirectUris[redirect ?? 'handover']
  const registered = (about: RegExp) => whereToClick(connector, about)
  const again = subject.account === null ? 'connect again' : 'reconnect the account'

  const words: Record<CauseId, () => Words> = {
    proxy_certificate: () => {
      const issuer = seen('tls', 'certificate issuer')
      return {
        sentence: `A proxy or security software opens the encrypted connection to ${siteLabel} with its own certificate${issuer === null ? '' : `, issued by “${issuer}”`}.`,
        remedy: `Ask your IT to install the root certificate ${issuer === null ? 'of that proxy' : `“${issuer}”`} in the certificate store of this computer, or to exempt ${siteLabel} from inspection. Then test again.`,
      }
    },
    captive_portal: () => ({
      sentence: 'The network you are in wants a login of its own before it lets anything through.',
      remedy: 'Open any page in the browser, sign in to the network (hotel, train, guest network), then test again.',
    }),
    http_for_https: () =>
      step('redirect')?.finding === 'redirect_registered_as_http'
        ? {
            sentence: `The redirect URL is registered at ${vendor} with http:// in place of https://.`,
            remedy: `Change it there to exactly ${uri}, then ${again}. ${registered(/redirect/i)}`,
          }
        : {
            sentence: `${siteLabel} speaks http where https is needed.`,
            remedy:
              'Use the https address of the site. Manydesk never sends a sign-in over a connection that is not encrypted.',
          },
    wrong_site: () => ({
      sentence: `${vendor} has no site ${siteLabel}.`,
      remedy: `Open ${vendor} in your browser, copy the address you see there, and ${again} with it.`,
    }),
    wrong_data_centre: () => {
      const centre = seen('authorize', 'known at')
      return centre === null
        ? {
            sentence: `The sign-in ended at another data centre of ${vendor}, which does not know this OAuth client.`,
            remedy: `Let the OAuth client work in all data centres, or register one in the data centre of the person, then ${again}. ${registered(/multi dc|region/i)}`,
          }
        : {
            sentence: `The OAuth client belongs to another data centre of ${vendor}: ${centre}.`,
            remedy: `Connect again and choose ${centre}, or let the client work in all data centres. ${registered(/multi dc|region/i)}`,
          }
    },
    wrong_redirect_url: () => ({
      sentence: `The redirect URL of Manydesk is not registered for this OAuth client at ${vendor}.`,
      remedy: `Register exactly ${uri}, then ${again}. ${registered(/redirect/i)}`,
    }),
    wrong_client_secret: () => ({
      sentence: `${vendor} does not accept the client secret.`,
      remedy: `Copy the secret of this client ID again, or make a new one, then ${again} with it. ${registered(/secret/i)}`,
    }),
    consent_denied_by_admin: () => ({
      sentence: `An administrator of ${siteLabel} does not let this app in.`,
      remedy: `Ask an administrator of ${vendor} to approve Manydesk for your account, then ${again}.`,
    }),
    third_party_cookies_blocked: () => ({
      sentence: `The sign-in page of ${vendor} could not keep its cookies.`,
      remedy: `Allow cookies for ${siteLabel} (in the browser: third-party cookies, too), or choose another way under "How to sign in", then ${again}.`,
    }),
    scope_not_granted: () => {
      const missing = seen('scopes', 'missing')
      return {
        sentence: `Manydesk was not given every right it needs at ${vendor}${missing === null ? '' : ` (${missing})`}.`,
        remedy: `Give the OAuth client all the scopes that Manydesk lists, then ${again} and leave every box ticked. ${registered(/scope/i)}`,
      }
    },
    token_revoked: () => ({
      sentence: `${vendor} has ended this sign-in: access was taken back, or the password was changed.`,
      remedy: 'Reconnect the account. Conversations and unsent replies are kept.',
    }),
    clock_skew: () => ({
      sentence: step('clock')?.sentence ?? 'The clock of this computer is wrong.',
      remedy: 'Switch on "Set time automatically" in the date and time settings of this computer, then test again.',
    }),
    offline: () => ({
      sentence: 'This computer has no network connection.',
      remedy: 'Connect to a network, then test again.',
    }),
    name_not_found: () => ({
      sentence: 'The names of servers cannot be looked up here (DNS).',
      remedy: 'Check the network settings and the VPN, and whether a web page opens in the browser.',
    }),
    connection_refused: () => ({
      sentence: `The connection to ${siteLabel} is refused.`,
      remedy: 'Check the proxy settings of this computer, and whether a firewall blocks the vendor.',
    }),
    no_answer: () => ({
      sentence: `${siteLabel} did not answer, or the connection was cut.`,
      remedy:
        'Test again in a few minutes. If it lasts, a firewall may be in the way, or the vendor has trouble: look at its status page.',
    }),
    certificate_invalid: () => ({
      sentence: `The certificate of ${siteLabel} is not valid now.`,
      remedy: 'Check date and time of this computer. If they are right, the vendor must renew its certificate.',
    }),
    vendor_trouble: () => ({
      sentence: `${vendor} has trouble of its own right now.`,
      remedy: 'Test again in a few minutes, and look at the status page of the vendor.',
    }),
    wrong_issuer: () => ({
      sentence: `The issuer in the connector ${vendor} is not the one that its server calls itself.`,
      remedy: `Correct the issuer in the connector: it must be written exactly as the server writes it. Then ${again}.`,
    }),
    metadata_unreachable: () => ({
      sentence: `The server that tells how to sign in to ${siteLabel} cannot be reached.`,
      remedy:
        'Check the issuer in the connector. If it is right, ask whoever looks after the network whether that server is blocked, then test again.',
    }),
    metadata_unusable: () => ({
      sentence: step('discovery')?.sentence ?? `The server of ${siteLabel} does not describe how to sign in.`,
      remedy: `Check the issuer in the connector, or enter the addresses of the sign-in there yourself, then ${again}.`,
    }),
    wrong_client_id: () => ({
      sentence: `${siteLabel} does not know the client ID.`,
      remedy: `Copy the client ID again, then ${again} with it. ${registered(/client id|identifier/i)}`,
    }),
    client_refused: () => ({
      sentence: `${vendor} does not accept this OAuth client.`,
      remedy: `Compare client ID, secret, redirect URL and scopes with what is registered. ${registered(/client id|identifier/i)}`,
    }),
    consent_denied: () => ({
      sentence: `The page of ${vendor} that asks for consent was answered with no.`,
      remedy: `${again[0]?.toUpperCase()}${again.slice(1)} and choose Allow.`,
    }),
    sign_in_expired: () => ({
      sentence: 'The sign-in has run out, as it does after a time without use.',
      remedy: 'Reconnect the account. Conversations and unsent replies are kept.',
    }),
    wrong_key: () => ({
      sentence: `${vendor} does not accept the key.`,
      remedy: connector.signIn.kind === 'key' ? connector.signIn.help : 'Copy it again.',
    }),
    rate_limited: () => ({
      sentence: `${vendor} asks for a pause: too many requests were made.`,
      remedy: 'Wait a few minutes, then test again.',
    }),
    keys_unreadable: () => ({
      sentence: 'The saved sign-in cannot be read on this computer.',
      remedy: 'Unlock the keyring. If that does not help, reconnect the account.',
    }),
    sign_in_not_finished: () => ({
      sentence: 'Nothing is wrong with the connection itself: the sign-in was not finished.',
      remedy: `${again[0]?.toUpperCase()}${again.slice(1)} and finish the pages of ${vendor}. If a page there shows an error, its words are in the trace.`,
    }),
    unknown: () => {
      const worst = results.find(({ verdict }) => verdict === 'failed')
      return {
        sentence: worst?.sentence ?? subject.trouble?.message ?? 'The cause could not be named.',
        remedy:
          worst?.remedy ??
          subject.trouble?.action ??
          'Save the trace and send it to whoever looks after the connection.',
      }
    },
  }
  return words[cause]()
}

/** The way to the OAuth client at the vendor, and the sentence there that is about the matter, out of the steps people register by. */
function whereToClick({ name, signIn }: Connector, about: RegExp): string {
  const { steps, url } = signIn.registration
  const sentences = steps.flatMap((step) => step.split(/(?<=\.) /))
  const there = [sentences[0], sentences.slice(1).find((sentence) => about.test(sentence))]
  const words = there.flatMap((sentence) => (sentence === undefined ? [] : [sentence.replace(' shown here', '')]))
  return [...words, `${name} explains it at ${url}.`].join(' ')
}
