import { countedItems } from './order.ts'

/** Every GraphQL document the connector sends. Each is checked against the vendor's schema in the contract tests. */
export interface Document {
  name: string
  kind: 'query' | 'mutation'
  text: string
}

const core = `
  fragment OrderCore on Order {
    id name note email phone createdAt updatedAt closedAt cancelledAt cancelReason
    displayFinancialStatus displayFulfillmentStatus returnStatus tags sourceName test
    customer { id displayName defaultEmailAddress { emailAddress } defaultPhoneNumber { phoneNumber } }
    billingAddress { name phone }
    shippingAddress { name phone }
    customAttributes { key value }
    currentTotalPriceSet { shopMoney { amount currencyCode } }
    disputes { id initiatedAs status }
  }
  fragment ReturnCore on Return {
    id name status createdAt requestApprovedAt closedAt decline { reason note }
  }
  fragment LineCore on ReturnLineItemType {
    id quantity customerNote returnReasonNote returnReasonDefinition { handle name }
  }`

/** Page sizes multiply into the cost of a query, which may not pass 1,000 points: 15 orders with two returns and four items each stay below. */
const row = `${core}
  fragment OrderRow on Order {
    ...OrderCore
    lineItems(first: ${countedItems + 1}) { nodes { id name quantity } }
    returns(first: 2, reverse: true) { nodes { ...ReturnCore returnLineItems(first: 3) { nodes { ...LineCore } } } }
  }`

const disputeFields =
  'id status type initiatedAt evidenceDueBy amount { amount currencyCode } reasonDetails { reason networkReasonCode }'
const paging = 'pageInfo { hasNextPage endCursor }'
const changed = 'order { ...OrderRow } userErrors { field message }'

const document = (kind: Document['kind'], name: string, text: string): Document => ({
  name,
  kind,
  text: text.replace(/\s+/g, ' ').trim(),
})

export const documents = {
  shop: document(
    'query',
    'Shop',
    `query Shop { shop { id name email contactEmail myshopifyDomain url plan { publicDisplayName } }
      currentAppInstallation { accessScopes { handle } } }`,
  ),
  orders: document(
    'query',
    'Orders',
    `query Orders($first: Int!, $after: String, $query: String, $sortKey: OrderSortKeys!, $reverse: Boolean!) {
      orders(first: $first, after: $after, query: $query, sortKey: $sortKey, reverse: $reverse) {
        nodes { ...OrderRow } ${paging} } } ${row}`,
  ),
  order: document(
    'query',
    'OrderThread',
    `query OrderThread($id: ID!) { order(id: $id) {
      ...OrderCore
      lineItems(first: 30) { nodes { id name quantity } }
      returns(first: 10) { nodes { ...ReturnCore returnLineItems(first: 10) { nodes { ...LineCore } } } }
      refunds(first: 20) { id createdAt note totalRefundedSet { shopMoney { amount currencyCode } } }
      fulfillments(first: 20) { id name createdAt status displayStatus deliveredAt trackingInfo(first: 3) { company number url } }
    } } ${core}`,
  ),
  /** `author` is an object on one type and a text on the other: the alias keeps them apart. Names of staff need a right that few shops can give. */
  events: document(
    'query',
    'OrderEvents',
    `query OrderEvents($id: ID!, $after: String) { order(id: $id) { id
      events(first: 50, after: $after, sortKey: CREATED_AT) { nodes {
        __typename id createdAt message action attributeToApp attributeToUser appTitle
        ... on CommentEvent { rawMessage edited attachments { id name url size fileExtension } }
        ... on BasicEvent { basicAuthor: author }
      } ${paging} } } }`,
  ),
  note: document('query', 'OrderNote', 'query OrderNote($id: ID!) { order(id: $id) { ...OrderRow } }'.concat(row)),
  disputes: document(
    'query',
    'Disputes',
    `query Disputes($first: Int!) { disputes(first: $first, reverse: true) {
      nodes { ${disputeFields} order { ...OrderRow } } } } ${row}`,
  ),
  disputeDetails: document(
    'query',
    'DisputeDetails',
    `query DisputeDetails($ids: [ID!]!) { nodes(ids: $ids) { id ... on ShopifyPaymentsDispute { ${disputeFields} } } }`,
  ),
  customers: document(
    'query',
    'Customers',
    `query Customers($query: String!) { customers(first: 3, query: $query) { nodes {
      id displayName note tags numberOfOrders state createdAt updatedAt amountSpent { amount currencyCode }
      defaultEmailAddress { emailAddress } defaultPhoneNumber { phoneNumber }
      orders(first: 5, sortKey: PROCESSED_AT, reverse: true) { nodes { ...OrderRow } }
    } } } ${row}`,
  ),
  update: document(
    'mutation',
    'OrderNoteUpdate',
    `mutation OrderNoteUpdate($input: OrderInput!) { orderUpdate(input: $input) { ${changed} } } ${row}`,
  ),
  close: document(
    'mutation',
    'OrderClose',
    `mutation OrderClose($input: OrderCloseInput!) { orderClose(input: $input) { ${changed} } } ${row}`,
  ),
  open: document(
    'mutation',
    'OrderOpen',
    `mutation OrderOpen($input: OrderOpenInput!) { orderOpen(input: $input) { ${changed} } } ${row}`,
  ),
  addTags: document(
    'mutation',
    'TagsAdd',
    `mutation TagsAdd($id: ID!, $tags: [String!]!) { tagsAdd(id: $id, tags: $tags) {
      node { id ... on Order { ...OrderRow } } userErrors { field message } } } ${row}`,
  ),
  removeTags: document(
    'mutation',
    'TagsRemove',
    `mutation TagsRemove($id: ID!, $tags: [String!]!) { tagsRemove(id: $id, tags: $tags) {
      node { id ... on Order { ...OrderRow } } userErrors { field message } } } ${row}`,
  ),
} as const satisfies Record<string, Document>
