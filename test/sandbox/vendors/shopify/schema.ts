import { buildSchema } from 'graphql'

/** The part of the Admin API that is played here, in the sandbox's own words. Answers are checked against the vendor's schema in the contract tests. */
export const schema = buildSchema(`
  scalar DateTime
  scalar URL
  scalar Decimal
  scalar FormattedString
  scalar UnsignedInt64

  enum OrderSortKeys { CREATED_AT UPDATED_AT PROCESSED_AT ID }
  enum EventSortKeys { CREATED_AT ID }

  type Query {
    shop: Shop!
    currentAppInstallation: AppInstallation!
    orders(first: Int, after: String, query: String, sortKey: OrderSortKeys = PROCESSED_AT, reverse: Boolean = false): OrderConnection!
    order(id: ID!): Order
    customers(first: Int, after: String, query: String): CustomerConnection!
    disputes(first: Int, reverse: Boolean = false, query: String): DisputeConnection!
    nodes(ids: [ID!]!): [Node]!
  }
  type Mutation {
    orderUpdate(input: OrderInput!): OrderPayload
    orderClose(input: OrderCloseInput!): OrderPayload
    orderOpen(input: OrderOpenInput!): OrderPayload
    tagsAdd(id: ID!, tags: [String!]!): NodePayload
    tagsRemove(id: ID!, tags: [String!]!): NodePayload
  }
  input OrderInput { id: ID! note: String tags: [String!] }
  input OrderCloseInput { id: ID! }
  input OrderOpenInput { id: ID! }
  type OrderPayload { order: Order userErrors: [UserError!]! }
  type NodePayload { node: Node userErrors: [UserError!]! }
  type UserError { field: [String!] message: String! }
  interface Node { id: ID! }

  type Shop { id: ID! name: String! email: String! contactEmail: String! myshopifyDomain: String! url: URL! plan: ShopPlan! }
  type ShopPlan { publicDisplayName: String! }
  type AppInstallation { accessScopes: [AccessScope!]! }
  type AccessScope { handle: String! }

  type PageInfo { hasNextPage: Boolean! endCursor: String }
  type OrderConnection { nodes: [Order!]! pageInfo: PageInfo! }
  type Order implements Node {
    id: ID! name: String! note: String email: String phone: String
    createdAt: DateTime! updatedAt: DateTime! closedAt: DateTime cancelledAt: DateTime cancelReason: String
    displayFinancialStatus: String displayFulfillmentStatus: String! returnStatus: String!
    tags: [String!]! sourceName: String test: Boolean!
    customer: Customer billingAddress: MailingAddress shippingAddress: MailingAddress
    customAttributes: [Attribute!]! currentTotalPriceSet: MoneyBag! disputes: [OrderDisputeSummary!]!
    lineItems(first: Int): LineItemConnection!
    returns(first: Int, reverse: Boolean = false): ReturnConnection!
    refunds(first: Int): [Refund!]!
    fulfillments(first: Int): [Fulfillment!]!
    events(first: Int, after: String, sortKey: EventSortKeys = ID): EventConnection!
  }
  type Attribute { key: String! value: String }
  type MailingAddress { name: String phone: String }
  type MoneyBag { shopMoney: MoneyV2! }
  type MoneyV2 { amount: Decimal! currencyCode: String! }
  type LineItemConnection { nodes: [LineItem!]! }
  type LineItem { id: ID! name: String! quantity: Int! }

  type CustomerConnection { nodes: [Customer!]! }
  type Customer implements Node {
    id: ID! displayName: String! note: String tags: [String!]! numberOfOrders: UnsignedInt64! state: String!
    createdAt: DateTime! updatedAt: DateTime! amountSpent: MoneyV2!
    defaultEmailAddress: CustomerEmailAddress defaultPhoneNumber: CustomerPhoneNumber
    orders(first: Int, sortKey: OrderSortKeys = ID, reverse: Boolean = false): OrderConnection!
  }
  type CustomerEmailAddress { emailAddress: String! }
  type CustomerPhoneNumber { phoneNumber: String! }

  type ReturnConnection { nodes: [Return!]! }
  type Return {
    id: ID! name: String! status: String! createdAt: DateTime! requestApprovedAt: DateTime closedAt: DateTime
    decline: ReturnDecline returnLineItems(first: Int): ReturnLineItemTypeConnection!
  }
  type ReturnDecline { reason: String! note: String }
  type ReturnLineItemTypeConnection { nodes: [ReturnLineItemType!]! }
  interface ReturnLineItemType { id: ID! quantity: Int! customerNote: String returnReasonNote: String! returnReasonDefinition: ReturnReasonDefinition }
  type ReturnLineItem implements ReturnLineItemType { id: ID! quantity: Int! customerNote: String returnReasonNote: String! returnReasonDefinition: ReturnReasonDefinition }
  type ReturnReasonDefinition { handle: String! name: String! }

  type Refund { id: ID! createdAt: DateTime note: String totalRefundedSet: MoneyBag! }
  type Fulfillment { id: ID! name: String! createdAt: DateTime! status: String! displayStatus: String deliveredAt: DateTime trackingInfo(first: Int): [FulfillmentTrackingInfo!]! }
  type FulfillmentTrackingInfo { company: String number: String url: URL }

  type OrderDisputeSummary { id: ID! initiatedAs: String! status: String! }
  type DisputeConnection { nodes: [ShopifyPaymentsDispute!]! }
  type ShopifyPaymentsDispute implements Node {
    id: ID! status: String! type: String! initiatedAt: DateTime! evidenceDueBy: DateTime amount: MoneyV2!
    reasonDetails: DisputeReason! order: Order
  }
  type DisputeReason { reason: String! networkReasonCode: String }

  type EventConnection { nodes: [Event!]! pageInfo: PageInfo! }
  interface Event { id: ID! createdAt: DateTime! message: FormattedString! action: String! attributeToApp: Boolean! attributeToUser: Boolean! appTitle: String }
  type BasicEvent implements Event { id: ID! createdAt: DateTime! message: FormattedString! action: String! attributeToApp: Boolean! attributeToUser: Boolean! appTitle: String author: String }
  type CommentEvent implements Event {
    id: ID! createdAt: DateTime! message: FormattedString! action: String! attributeToApp: Boolean! attributeToUser: Boolean! appTitle: String
    rawMessage: String! edited: Boolean! attachments: [CommentEventAttachment!]!
  }
  type CommentEventAttachment { id: ID! name: String! url: URL! size: Int! fileExtension: String }
`)
