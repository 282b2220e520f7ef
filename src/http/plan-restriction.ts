/**
 * Whether the text of a 403 is about a feature that the plan of the account does not have, which is no matter of
 * credentials. Seen at Census: "feature not available for the organisation". INFERRED for the other providers: their
 * texts for it are not published.
 */
export function isPlanRestriction(text: string): boolean {
  if (credential.test(text)) return namedPlan.test(text) && restriction.test(text)
  return (plan.test(text) && restriction.test(text)) || restrictions.some((pattern) => pattern.test(text))
}

/** What a 403 that says nothing about a plan restricts: a key, a role, an address. */
const credential =
  /\b(keys?|tokens?|credentials?|passwords?|secrets?|roles?|scopes?|permissions?|permitted|users?|members?|ip|address(es)?|allow-?list|whitelist|(un)?authori[sz]ed|authenticat\w+)\b/i

const namedPlan = /\b(plan|tier)s?\b|\bupgrade\b/i
const plan = /\b(plan|tier|subscription|edition|add-?on)s?\b|\bupgrade\b/i
const restriction =
  /\b(not|no|only|requires?|required|needs?|disabled|exceed(s|ed)?|expired|inactive|beyond|upgrade|without)\b|n't\b/i

const restrictions = [
  /\b(feature|product)s?\b.{0,80}(\b(not|no|disabled|requires?)\b|n't\b)/i,
  /(\b(not?|lacks?)\b|n't\b).{0,40}\baccess to\b.{0,40}\b(feature|product)s?\b/i,
  /((\bnot|n't) (available|enabled|included?|activated)|\bdisabled)\b.{0,80}\b(organi[sz]ation|account|workspace)\b/i,
]
