import { type DoctorContext, failed, passed, type Step, type StepResult, skipped, warned } from '../model.ts'
import type { NetworkFault } from '../network-fault.ts'
import { typesSite } from '../places.ts'
import { apiReading, clean, evidenceOf, ownPage, type Reading } from '../readings.ts'

const certificateFaults: readonly NetworkFault[] = [
  'certificate-issuer',
  'certificate-name',
  'certificate-date',
  'certificate',
]
const isCertificate = (fault: NetworkFault) => certificateFaults.includes(fault)

/** Is there a network, and does the vendor's server answer on it? */
export const network: Step = async (context) => {
  const reading = await apiReading(context)
  const { siteLabel } = context.subject
  const evidence = evidenceOf(reading)
  if (reading.kind === 'answered' || isCertificate(reading.fault) || reading.fault === 'plain-http') {
    return passed('network', `The server of ${siteLabel} answers.`, { evidence })
  }
  if (!context.isOnline() || reading.fault === 'offline') {
    return failed('network', 'This computer has no network connection.', {
      remedy: 'Connect to a network, then test again.',
      evidence,
      finding: 'offline',
    })
  }
  return unreached(context, reading)
}

async function unreached(context: DoctorContext, reading: Reading & { kind: 'failed' }): Promise<StepResult> {
  const { siteLabel, connector } = context.subject
  const evidence = evidenceOf(reading)
  switch (reading.fault) {
    case 'name': {
      const others = await ownPage(context)
      const namesWork = others.kind === 'answered' || others.fault !== 'name'
      return namesWork && typesSite(connector)
        ? failed('network', `There is no address ${siteLabel} on the internet.`, {
            remedy: 'Check how the site is spelled.',
            evidence,
            finding: 'site_name_unknown',
          })
        : failed('network', 'The names of servers cannot be looked up here (DNS).', {
            remedy: 'Check the network settings, the VPN, and whether a web page opens in the browser.',
            evidence,
            finding: 'name_unknown',
          })
    }
    case 'refused':
      return failed('network', `The server of ${siteLabel}, or a proxy before it, refused the connection.`, {
        remedy: 'Check the proxy settings of this computer, and whether a firewall blocks the vendor.',
        evidence,
        finding: 'connection_refused',
      })
    case 'timeout':
      return failed('network', `The server of ${siteLabel} did not answer in time.`, {
        remedy:
          'Try again. If it lasts, a firewall may swallow the requests, or the vendor has trouble: look at its status page.',
        evidence,
        finding: 'no_answer',
      })
    default:
      return failed('network', `The connection to ${siteLabel} was cut.`, {
        remedy: 'Try again. If it lasts, a firewall or proxy may cut it: ask whoever looks after the network.',
        evidence,
        finding: 'connection_broken',
      })
  }
}

/** Is the connection private, with a certificate that this computer trusts? */
export const tls: Step = async (context) => {
  const reading = await apiReading(context)
  const { siteLabel } = context.subject
  if (reading.kind === 'answered') return passed('tls', 'The connection is encrypted, and its certificate is trusted.')
  const evidence = evidenceOf(reading)
  switch (reading.fault) {
    case 'certificate-issuer': {
      const issuer = reading.issuer === null ? null : clean(reading.issuer)
      const by =
        issuer === null
          ? 'an issuer that this computer does not know'
          : `“${issuer}”, which this computer does not know`
      return failed('tls', `The certificate of ${siteLabel} was issued by ${by}.`, {
        remedy:
          'A proxy or security software reads along here. Its root certificate must be installed on this computer.',
        evidence,
        finding: 'certificate_issuer_unknown',
      })
    }
    case 'certificate-name':
      return failed(
        'tls',
        `Another server answered in the place of ${siteLabel}: its certificate is for another name.`,
        {
          remedy: 'Check how the site is spelled, and sign in to the network you are in.',
          evidence,
          finding: 'certificate_other_name',
        },
      )
    case 'certificate-date':
      return failed('tls', `The certificate of ${siteLabel} is not valid at the time this computer shows.`, {
        remedy: 'Check date and time of this computer.',
        evidence,
        finding: 'certificate_date',
      })
    case 'certificate':
      return failed('tls', `The certificate of ${siteLabel} was not accepted.`, {
        remedy: 'Ask whoever looks after the network whether a proxy is in the way.',
        evidence,
        finding: 'certificate_issuer_unknown',
      })
    case 'plain-http':
      return failed('tls', `${siteLabel} answers without encryption: it speaks http where https is needed.`, {
        remedy: 'Use the https address of the site.',
        evidence,
        finding: 'plain_http',
      })
    default:
      return skipped('tls', 'Not looked at: no server was reached.')
  }
}

const noticedMs = 2 * 60_000
const harmfulMs = 5 * 60_000

/** Is our clock right? Every answer carries the time of the server (RFC 9110 6.6.1). */
export const clock: Step = async (context) => {
  const reading = await apiReading(context)
  const there =
    reading.kind === 'answered' && reading.answer.date !== null ? Date.parse(reading.answer.date) : Number.NaN
  if (reading.kind !== 'answered' || Number.isNaN(there))
    return skipped('clock', 'Not looked at: no server told the time.')
  const skew = reading.at - there
  const evidence = { 'this computer': new Date(reading.at).toISOString(), server: new Date(there).toISOString() }
  if (Math.abs(skew) < noticedMs) return passed('clock', 'The clock of this computer is right.', { evidence })
  const sentence = `The clock of this computer is ${spanWords(Math.abs(skew))} ${skew > 0 ? 'ahead' : 'behind'}.`
  const remedy = 'Switch on "Set time automatically" in the date and time settings of this computer.'
  if (Math.abs(skew) < harmfulMs) return warned('clock', sentence, { remedy, evidence })
  return failed('clock', sentence, { remedy, evidence, finding: 'clock_off' })
}

function spanWords(ms: number): string {
  const minutes = Math.round(ms / 60_000)
  if (minutes < 55) return `${minutes} minutes`
  const hours = Math.round(minutes / 60)
  if (hours < 48) return hours === 1 ? 'an hour' : `${hours} hours`
  return `${Math.round(hours / 24)} days`
}
