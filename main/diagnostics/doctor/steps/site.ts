import { type DoctorContext, failed, passed, type Step, type StepResult, skipped, warned } from '../model.ts'
import { hostOf, isForeign, typesSite } from '../places.ts'
import { apiReading, evidenceOf, isData, ownPage, ownPageIs, type Reading } from '../readings.ts'

type Answered = Reading & { kind: 'answered' }

/** Is it the vendor who answers, and does it have this site? */
export const site: Step = async (context) => {
  const reading = await apiReading(context)
  if (reading.kind === 'failed') return skipped('site', 'Not looked at: nothing of the vendor was reached.')
  const { answer } = reading
  const { subject } = context
  const evidence = evidenceOf(reading)
  if (answer.status >= 500) {
    return failed('site', `${subject.connector.name} has trouble of its own right now (HTTP ${answer.status}).`, {
      remedy: 'Try again in a few minutes, and look at the status page of the vendor.',
      evidence,
      finding: 'vendor_trouble',
    })
  }
  if (answer.status >= 300 && answer.status < 400) return redirected(context, reading)
  if (isData(answer) || answer.status === 401 || answer.status === 403 || answer.status === 429) {
    return passed('site', `${subject.siteLabel} is a site of ${subject.connector.name}.`, { evidence })
  }
  if (answer.status < 300) return pageForData(context, reading)
  return typesSite(subject.connector)
    ? noSuchSite(context, reading)
    : warned('site', `${subject.connector.name} answered in an unexpected way (HTTP ${answer.status}).`, { evidence })
}

/** An API redirects nobody: a network that wants a login does, and a vendor whose site is elsewhere. */
async function redirected(context: DoctorContext, reading: Answered): Promise<StepResult> {
  const here = hostOf(reading.url) ?? ''
  const there = hostOf(new URL(reading.answer.location ?? '', reading.url).href) ?? ''
  const own = ownPageIs(await ownPage(context))
  if (own === 'replaced' || (own === 'unknown' && isForeign(there, here)))
    return anotherNetwork(context, reading, there)
  return noSuchSite(context, reading)
}

async function pageForData(context: DoctorContext, reading: Answered): Promise<StepResult> {
  const own = ownPageIs(await ownPage(context))
  if (own === 'replaced') return anotherNetwork(context, reading, hostOf(reading.url) ?? '')
  return noSuchSite(context, reading)
}

function anotherNetwork({ subject }: DoctorContext, reading: Answered, host: string): StepResult {
  return failed('site', `Not ${subject.siteLabel} answered but a login page of the network (${host}).`, {
    remedy: 'Open any page in the browser and sign in to the network (hotel, train, guest network), then test again.',
    evidence: evidenceOf(reading),
    finding: 'answer_of_another_network',
  })
}

function noSuchSite({ subject }: DoctorContext, reading: Answered): StepResult {
  return failed('site', `${subject.connector.name} has no site ${subject.siteLabel}.`, {
    remedy: 'Check how the site is spelled: it is the address in the browser when you work there.',
    evidence: evidenceOf(reading),
    finding: 'site_not_there',
  })
}
