/** `npm start`: the workstation against the sandbox. With a display it is a window; without one, a tour with pictures. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { type Sandbox, startSandbox } from '../sandbox/sandbox.ts'
import { openForPerson } from './app-command.ts'
import { ensureBuilt } from './build.ts'
import { demoAccounts } from './demo-accounts.ts'
import { launchApp } from './driver.ts'
import { chooseHost, describeHost, type Host, hasDisplay, root } from './host.ts'
import { conversations } from './inbox-person.ts'
import { connectAccount, everythingSynced, nameBrand, signIn, signInPage, startConnecting } from './person.ts'

const folder = join(root, 'out', 'start')

/** Clients that work at every site of their vendor. */
const providedIds = ['zdg-manydesk', 'fw_ext_1700000000000000042', '7c9e6679-7425-40de-944b-e07fc1f90ae7']

/** The sandbox's OAuth clients as an organisation would provide them, so that connecting needs only the sign-in. */
function provideClients(profile: string, sandbox: Sandbox): void {
  const clients = sandbox.directory.clients
    .filter(({ clientId }) => providedIds.includes(clientId))
    .map(({ vendor, clientId, clientSecret }) => ({ vendor, clientId, clientSecret }))
  mkdirSync(profile, { recursive: true })
  writeFileSync(join(profile, 'oauth-clients.json'), JSON.stringify({ clients }, null, 2))
}

function printPeople(sandbox: Sandbox): void {
  console.log('\nThe sandbox plays these sites on this machine. Connect any of them:\n')
  const rows = sandbox.directory.users.flatMap((user) =>
    user.sites.map((site) => ({
      vendor: user.vendor,
      site,
      email: user.email,
      'password or key': keyOf(sandbox, site, user.email) ?? user.password,
      role: user.role,
    })),
  )
  console.table(rows)
}

/** Where there is no page to sign in at, people have a key. */
function keyOf(sandbox: Sandbox, site: string, email: string): string | undefined {
  return sandbox.directory.keys.find((entry) => entry.site === site && entry.email === email)?.key
}

async function tour(host: Host, sandbox: Sandbox): Promise<string[]> {
  const profile = join(folder, 'tour-profile')
  rmSync(profile, { recursive: true, force: true })
  const driver = await launchApp(host, { profile, network: sandbox })
  const pictures: string[] = []
  const picture = async (name: string, page = driver.window) => {
    const path = join(folder, `${name}.png`)
    await driver.screenshot(page, path)
    pictures.push(relative(root, path))
  }
  try {
    await picture('1-welcome')
    const { mia, pia } = demoAccounts
    await startConnecting(driver, sandbox, mia.wish)
    const page = await signInPage(driver, sandbox, mia.wish)
    await page.getByLabel('Email').waitFor()
    await picture('2-sign-in', page)
    await signIn(page, sandbox, mia.wish)
    await driver.window.getByLabel('Brand name').waitFor()
    await picture('3-brand')
    await nameBrand(driver.window, mia.brand, 'Connect another')
    await connectAccount(driver, sandbox, pia.wish, pia.brand)
    await everythingSynced(driver.window)
    await conversations(driver.window).getByRole('option').first().waitFor()
    await picture('4-inbox')
    await driver.quit()
    return pictures
  } catch (error) {
    await driver.kill()
    throw error
  }
}

const host = await chooseHost({ fetchElectron: true })
console.log(describeHost(host))
ensureBuilt()
const sandbox = await startSandbox({ perShare: 130 })
try {
  if (hasDisplay()) {
    const profile = join(folder, 'profile')
    // The sandbox forgets its people's sign-ins when it ends, so yesterday's profile would only show dead accounts.
    rmSync(profile, { recursive: true, force: true })
    provideClients(profile, sandbox)
    printPeople(sandbox)
    process.exitCode = await openForPerson(host, profile, sandbox)
  } else {
    console.log('There is no display here, so the workstation runs headless and takes pictures of a short tour.')
    const pictures = await tour(host, sandbox)
    console.log(`Screenshots:\n${pictures.map((path) => `  ${path}`).join('\n')}`)
  }
} finally {
  await sandbox.close()
}
