import type { DescribedServer, ManifestSummary, TriedRequest } from '../../preload/contract.ts'
import { importFreshworksApp } from '../connectors/freshworks-import/import.ts'
import type { Connectors } from '../connectors/known-connectors.ts'
import { createManifestConnector } from '../connectors/manifest/connector.ts'
import { hostsOf } from '../connectors/manifest/hosts.ts'
import { parseManifest } from '../connectors/manifest/parse.ts'
import type { Manifest } from '../connectors/manifest/schema.ts'
import { requestOf } from '../connectors/manifest/uses.ts'
import type { Unified } from '../connectors/model.ts'
import { AppError, toErrorShape } from '../errors.ts'
import type { ServerMetadata } from '../oauth/discovery.ts'
import { proofAlgorithm } from '../oauth/proof.ts'
import { demand, type Enforcement } from '../policy/enforce.ts'
import type { Services } from '../workstation/services.ts'
import type { Handlers } from './router.ts'

type ConnectorCalls =
  | 'connectors.list'
  | 'connectors.check'
  | 'connectors.discover'
  | 'connectors.save'
  | 'connectors.remove'
  | 'connectors.try'
  | 'connectors.importFreshworks'

interface ConnectorServices {
  connectors: Pick<Connectors, 'described' | 'save' | 'remove'>
  /** A connector of an id that is not allowed is not taken in. */
  policy: Pick<Enforcement, 'allowVendor'>
  /** What runs, or null while starting. */
  peek(): Pick<Services, 'accounts'> | null
  /** @throws AppError while starting */
  running(): Pick<Services, 'trials' | 'discovery'>
  /** A manifest was made from another system's description. */
  onImported?(from: string): void
}

export function connectorHandlers({
  connectors,
  policy,
  peek,
  running,
  onImported,
}: ConnectorServices): Pick<Handlers, ConnectorCalls> {
  const accountsOf = (vendor: string) =>
    (peek()?.accounts.list() ?? []).filter((account) => account.vendor === vendor).map((account) => account.id)
  return {
    'connectors.list': () => connectors.described().map((each) => ({ ...each, accountIds: accountsOf(each.id) })),
    'connectors.check'({ text }) {
      const { manifest, faults } = parseManifest(text)
      return { faults, summary: manifest === null ? null : summaryOf(manifest, savedHosts(connectors, manifest.id)) }
    },
    'connectors.discover': async ({ issuer }) => serverView(await running().discovery.of(issuer.trim())),
    'connectors.save'({ text }) {
      const { manifest } = parseManifest(text)
      if (manifest !== null) demand(policy.allowVendor(manifest))
      return { id: connectors.save(text) }
    },
    'connectors.remove': ({ id }) => connectors.remove(id),
    async 'connectors.try'({ text, accountId, request, conversationVendorId }) {
      const { manifest, faults } = parseManifest(text)
      if (manifest === null) throw new AppError('bad_request', `This connector cannot be tried: ${faults[0]?.message}`)
      const tried = await running().trials.run(manifest, accountId, request, conversationVendorId ?? null)
      const { method, path, raw, truncated, unified, fault } = tried
      return {
        ...{ method, path, raw, truncated },
        mapped: unified === null ? null : mapped(unified),
        fault: fault === null ? null : toErrorShape(fault),
      }
    },
    'connectors.importFreshworks'({ oauthConfig, requests, iparams }) {
      const imported = importFreshworksApp({ oauthConfig, requests, ...(iparams === undefined ? {} : { iparams }) })
      onImported?.('Freshworks app')
      return imported
    },
  }
}

function serverView(found: ServerMetadata): DescribedServer {
  return {
    issuer: found.issuer,
    authorizeUrl: found.authorization_endpoint ?? null,
    tokenUrl: found.token_endpoint,
    revokeUrl: found.revocation_endpoint ?? null,
    deviceUrl: found.device_authorization_endpoint ?? null,
    pushed: found.pushed_authorization_request_endpoint !== undefined,
    bound: found.dpop_signing_alg_values_supported?.includes(proofAlgorithm) === true,
    scopes: found.scopes_supported ?? [],
  }
}

/** Hosts of the connector that is in use now; null where there is none yet. */
function savedHosts(connectors: Pick<Connectors, 'described'>, id: string): string[] | null {
  const saved = connectors.described().find((each) => each.id === id)
  if (saved === undefined) return null
  const { manifest } = parseManifest(saved.text)
  return manifest === null ? [] : hostsOf(manifest)
}

function summaryOf(manifest: Manifest, saved: string[] | null): ManifestSummary {
  const { operations, capabilities } = createManifestConnector(manifest)
  const { id, name, signIn } = manifest
  const hosts = hostsOf(manifest)
  return {
    ...{ id, name, hosts },
    scopes: signIn.kind === 'oauth' ? signIn.scopes.map((scope) => ({ id: scope.id, reason: scope.reason })) : [],
    commands: capabilities.commands,
    reads: operations.map((operation) => ({
      request: operation.name,
      summary: operation.summary,
      aboutOne: JSON.stringify(requestOf(manifest, operation.name)).includes('conversation.id'),
    })),
    newHosts: saved === null ? [] : hosts.filter((host) => !saved.includes(host)),
  }
}

/** More of one page than anybody looks at. */
const mostShown = 50

function mapped(unified: Unified): NonNullable<TriedRequest['mapped']> {
  const { conversations, messages, people, directory, removedVendorIds, quarantined } = unified
  return {
    conversations: conversations.slice(0, mostShown),
    messages: messages.slice(0, mostShown),
    people: people.slice(0, mostShown),
    agents: directory.agents ?? [],
    groups: directory.groups ?? [],
    brands: directory.brands ?? [],
    removedVendorIds,
    quarantined: quarantined.slice(0, mostShown),
  }
}
