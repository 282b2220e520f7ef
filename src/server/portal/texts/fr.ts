import type { ApplicationName } from '../../pages/names.ts'
import type { PortalTexts } from './en.ts'

// Without "de" and "que" before names: both change before a vowel.
const toApp = ({ application }: ApplicationName) =>
  application === null ? 'à l’application' : `à ${application}`
const inApp = ({ application }: ApplicationName) =>
  application === null ? 'dans l’application' : `dans ${application}`
const orToApp = ({ application }: ApplicationName) => (application === null ? '' : ` à ${application}`)

export const fr: PortalTexts = {
  nav: { label: 'Portail', connect: 'Services', connections: 'Mes connexions' },
  search: {
    title: (names) => `Connecter un service${orToApp(names)}`,
    label: 'Rechercher des services',
    category: 'Catégorie',
    allCategories: 'Toutes les catégories',
    submit: 'Rechercher',
    recent: 'Utilisés récemment',
    results: 'Services',
    count: (count) => (count === '1' ? '1 service' : `${count} services`),
    none: (query) => `Aucun service ne correspond à « ${query} ».`,
    noneHint: 'Vérifiez l’orthographe ou cherchez le nom de l’éditeur.',
    noneAtAll: 'Aucun service ne peut être connecté.',
    more: 'Page suivante',
    all: 'Afficher tous les services',
    keys: 'Appuyez sur / pour rechercher et sur les flèches pour parcourir la liste.',
  },
  application: {
    title: (name, names) => `Connecter ${name}${orToApp(names)}`,
    next: (name) => `Vous continuez sur la page où vous vous connectez à ${name} et autorisez l’accès.`,
    newTab:
      'Elle s’ouvre dans un nouvel onglet. Gardez cette page ouverte : elle continue dès que vous avez terminé.',
    direction: 'Que voulez-vous faire ?',
    directions: {
      SOURCE: (name) => `Lire des données depuis ${name}`,
      DESTINATION: (name) => `Écrire des données dans ${name}`,
      TOOL: (name) => `Utiliser ${name} dans des automatisations`,
    },
    submit: (name) => `Connecter ${name}`,
    waiting: 'En attente de la fin dans l’autre onglet.',
    waitingTitle: (name) => `Terminez la connexion à ${name}`,
    open: 'Rouvrir la page',
    unavailable: 'Ce service ne peut pas être connecté ici',
    unavailableText: 'Il n’existe pas, ou vous n’y avez pas accès.',
    other: 'Choisir un autre service',
  },
  connections: {
    title: 'Mes connexions',
    none: 'Vous n’avez pas encore de connexion.',
    first: 'Connecter un service',
    via: (provider) => `via ${provider}`,
    ofOrganization: (organization) => `partagée dans ${organization}`,
    organization: 'votre organisation',
    statuses: {
      PENDING: 'En cours de préparation',
      ACTIVE: 'Connecté',
      NEEDS_ATTENTION: 'Demande votre attention',
      PAUSED: 'En pause',
      DISCONNECTED: 'Supprimé',
      UNKNOWN: 'État inconnu',
    },
    problems: {
      NEEDS_REAUTH: 'L’accès a expiré ou a été retiré. Reconnectez le compte.',
      NEEDS_CONFIG: 'Il manque des réglages. Reconnectez le compte pour les compléter.',
      REVOKED: 'L’accès a été retiré. Reconnectez le compte.',
      DEGRADED: 'La connexion ne fonctionne pas pour le moment.',
    },
    reconnect: 'Reconnecter',
    remove: 'Supprimer',
    nameOf: (action, connection) => `${action} : ${connection}`,
    unfinished: 'Non terminées',
    opened: 'Commencée et pas encore terminée',
    resume: 'Continuer',
    cancel: 'Annuler',
    removed: (connection) => `${connection} : connexion supprimée.`,
    canceled: 'La connexion a été annulée.',
    more: 'Page suivante',
    newest: 'Afficher les connexions les plus récentes',
  },
  remove: {
    title: (connection) => `Supprimer ${connection} ?`,
    text: (names) =>
      `Le compte est déconnecté et ne peut plus être utilisé ${inApp(names)}. Cette action est irréversible ; vous pourrez reconnecter le compte plus tard.`,
    submit: 'Supprimer',
    keep: 'Conserver',
  },
  done: {
    completed: (name) => `${name} est connecté`,
    completedText: (name, names) => `Votre compte ${name} est connecté${orToApp(names)}.`,
    reconnected: (name) => `${name} est reconnecté`,
    pending: 'Presque terminé',
    pendingText: (name) =>
      `La connexion à ${name} est encore en préparation. Cette page affiche le résultat dès qu’il est connu.`,
    pendingStatus: 'En attente de confirmation.',
    check: 'Vérifier le résultat',
    failed: (name) => `${name} n’a pas été connecté`,
    failedText: 'L’accès n’a pas été autorisé, ou une erreur s’est produite. Vous pouvez réessayer.',
    expiredText: 'Le délai est dépassé. Vous pouvez réessayer.',
    revokedText: 'La connexion a été annulée. Vous pouvez réessayer.',
    confirmText: (names) => `Retournez ${toApp(names)} pour terminer : la connexion doit y être confirmée.`,
    unknown: 'Vous êtes de retour',
    unknownText: (names) => `Le résultat s’affiche ${inApp(names)}.`,
    retry: 'Réessayer',
    another: 'Connecter un autre service',
    close: 'Vous pouvez fermer cet onglet : la page de départ affiche aussi le résultat.',
  },
  ended: {
    expired: 'Votre session est terminée',
    expiredText: (names) =>
      `Pour votre sécurité, cette page n’est valable que pour un temps limité. Retournez ${toApp(names)} et ouvrez-la de nouveau. Ce que vous avez connecté reste connecté.`,
    revoked: 'Cette session a été fermée',
    revokedText: (names) =>
      `Elle a été fermée ${inApp(names)}. Si vous avez encore besoin de cette page, ouvrez-la de nouveau à partir de là.`,
    unknown: 'Cette adresse n’est pas valide',
    unknownText: 'Une partie manque peut-être. Retournez à l’application et ouvrez la page de nouveau.',
  },
  errors: {
    tooManyLinks: 'Trop de connexions ne sont pas terminées. Terminez-en ou annulez-en une d’abord.',
    providerDown: (name) =>
      `${name} ne peut pas être connecté pour le moment : le service qui établit la connexion ne répond pas. Rien n’a été connecté. Réessayez dans quelques minutes.`,
    rejected: (name) =>
      `Le service qui établit la connexion a refusé de connecter ${name}. Rien n’a été connecté.`,
    unsupported: (name) => `${name} ne peut pas être connecté ici.`,
    direction: 'Choisissez ce que vous voulez faire.',
    settings: (name, names) =>
      `${name} a besoin de réglages qui ne peuvent être faits que ${inApp(names)}. Adressez-vous à ses responsables.`,
    inProgress: 'La connexion est encore en préparation. Attendez un instant, puis réessayez.',
    used: 'Cette tentative est terminée. Vous pouvez recommencer.',
    notRemoved: 'La suppression a échoué. Réessayez plus tard.',
    notRemovable: 'Cette connexion ne peut pas être supprimée ici.',
    notReconnectable: 'Cette connexion ne peut pas être rétablie ici.',
    gone: 'Cet élément n’existe plus.',
    wait: (seconds) => `Trop de demandes. Réessayez dans ${seconds} secondes.`,
    busy: 'Trop de demandes',
    unavailable: 'Cette page n’est pas disponible pour le moment',
    unavailableText: 'Réessayez dans quelques instants.',
    forbidden: 'Ce n’est pas possible dans cette session',
    forbiddenText: 'Revenez en arrière et choisissez autre chose.',
    form: 'Ce formulaire n’a pas été envoyé depuis cette page',
    formText: 'Ouvrez la page de nouveau et envoyez-le à partir de là.',
  },
}
