import type { ApplicationName, Names } from '../names.ts'
import type { Texts } from './en.ts'

// Without "de" and "que" before names: both change before a vowel.
const app = ({ application }: ApplicationName) => application ?? 'l’application'
const as = ({ endUser }: Names) => (endUser === null ? '' : ` (${endUser})`)
const target = (names: Names) =>
  names.application === null ? as(names) : ` à ${names.application}${as(names)}`

export const fr: Texts = {
  page: {
    footer: ({ application }) =>
      application === null
        ? 'Cette page connecte vos comptes d’autres services.'
        : `Cette page connecte vos comptes d’autres services à ${application}.`,
    support: 'Aide',
    privacy: 'Confidentialité',
    back: (names) => `Retour à ${app(names)}`,
    moment: 'Un instant',
    continue: 'Continuer',
    openToContinue: 'Ouvrez cette page pour voir le résultat.',
    reload: 'Rechargez cette page pour voir le résultat.',
  },
  error: {
    notFound: { title: 'Page introuvable', text: 'Il n’y a aucune page à cette adresse.' },
    unknownLink: {
      title: 'Ce lien n’existe pas',
      text: 'Il manque peut-être une partie du lien. Ouvrez-le à nouveau là où vous l’avez reçu, ou demandez-en un nouveau.',
    },
    failure: {
      title: 'Une erreur s’est produite',
      text: 'Cette page ne peut pas être affichée pour le moment. Réessayez dans une minute.',
    },
    tooManyRequests: {
      title: 'Trop de requêtes',
      text: 'De nombreuses requêtes sont venues de votre réseau. Attendez une minute, puis rechargez cette page.',
    },
  },
  link: {
    connect: (names) => `Connecter ${names.connector}${target(names)}`,
    reconnect: (names) => `Reconnecter ${names.connector}${target(names)}`,
    via: ({ provider }) => `avec ${provider}`,
    footer: (names) => `Votre mot de passe pour ${names.connector} n’est pas transmis à ${app(names)}.`,
    providerLogin: ({ provider }) =>
      `Avant de continuer, vérifiez que vous êtes connecté à ${provider} en tant que membre de l’organisation de l’exploitant.`,
    continue: ({ provider }) => `Continuer vers ${provider}`,
    waiting: ({ provider }) => `Terminez chez ${provider} : cette page attend le résultat.`,
    newTab: ({ provider }) => `${provider} s’ouvre dans un nouvel onglet.`,
    keepOpen: 'Laissez cette page ouverte : elle continue automatiquement lorsque vous avez terminé.',
    whenDone: 'Lorsque vous avez terminé, revenez sur cette page.',
    checkResult: 'Vérifier le résultat',
    nameConnection: (name) => `Nommez la connexion « ${name} ».`,
    shareConnection: 'Rendez-la accessible à toute l’organisation.',
  },
  result: {
    connected: {
      title: 'Connecté',
      text: (names) =>
        `Votre compte ${names.connector} est connecté${target(names)}. Vous pouvez fermer cette fenêtre et revenir à ${app(names)}.`,
    },
    used: {
      title: 'Déjà connecté',
      text: ({ connector }) =>
        `${connector} a déjà été connecté avec ce lien. Vous pouvez fermer cette fenêtre.`,
    },
    expired: {
      title: 'Ce lien a expiré',
      text: (names) =>
        `${names.connector} n’a pas été connecté. Revenez à ${app(names)} et demandez un nouveau lien.`,
    },
    revoked: {
      title: 'Ce lien a été annulé',
      text: (names) =>
        `Il a été annulé dans ${app(names)}. Si vous souhaitez toujours connecter ${names.connector}, revenez à ${app(names)} et demandez un nouveau lien.`,
    },
    superseded: {
      title: 'Il existe un lien plus récent',
      text: ({ connector }) =>
        `Ce lien pour connecter ${connector} a été remplacé. Utilisez le dernier lien reçu.`,
    },
    failed: {
      title: 'Échec de la connexion',
      text: (names) =>
        `${names.connector} n’a pas pu être connecté. Revenez à ${app(names)} et réessayez avec un nouveau lien.`,
    },
    suspended: {
      title: 'La connexion n’est pas possible pour le moment',
      text: ({ connector }) =>
        `La connexion de ${connector} est suspendue à cause d’un problème du service par lequel elle passe. Veuillez réessayer cette adresse plus tard.`,
    },
    elsewhere: {
      title: 'Vous pouvez fermer cette fenêtre',
      text: ({ connector }) => `Le résultat s’affiche là où vous avez commencé à connecter ${connector}.`,
    },
  },
  pending: {
    title: 'Presque terminé',
    text: (names) => `${names.provider} prépare encore la connexion : ${names.connector}${target(names)}.`,
    keepOpen: 'Laissez cette fenêtre ouverte jusqu’à la fin.',
    mayClose: 'Vous pouvez fermer cette fenêtre : le résultat n’est pas perdu.',
    status: ({ provider }) => `En attente : ${provider} doit encore confirmer.`,
  },
  denied: {
    title: 'Rien n’a été connecté',
    text: ({ provider, connector }) =>
      `${provider} n’a signalé aucune connexion à ${connector}. Vous pouvez réessayer avec le même lien.`,
    tryAgain: 'Réessayer',
  },
  held: {
    code: {
      title: 'Saisissez ce code',
      heading: (names) => `Saisissez ce code dans ${app(names)}`,
      text: (names) =>
        `Votre compte ${names.connector} n’est pas encore connecté à ${app(names)}${as(names)}. Revenez à ${app(names)} et saisissez-y le code dans les 15 minutes.`,
      status: 'En attente du code.',
      warning: (names) =>
        `Saisissez le code uniquement si vous utilisez vous-même ${app(names)}${as(names)}. Ne le donnez jamais à une autre personne : elle aurait accès à votre compte.`,
    },
    refused: {
      title: 'La confirmation a échoué',
      text: (names) =>
        `Le lien a été utilisé dans plusieurs navigateurs : on ne sait donc pas avec certitude à qui est le compte. ${names.connector} n’a pas été connecté. Revenez à ${app(names)}, demandez un nouveau lien et ouvrez-le dans un seul navigateur.`,
    },
    elsewhere: {
      title: 'C’est presque fini',
      enterCode: (names) =>
        `Saisissez dans ${app(names)} le code affiché dans le navigateur où vous avez terminé.`,
      goBack: (names) => `Revenez à ${app(names)} pour terminer.`,
    },
    retry: ({ provider }) => `${provider} ne répond pas encore. Cette page réessaie.`,
  },
  cancel: {
    button: 'Annuler',
    title: 'Vous avez annulé',
    text: ({ connector }) =>
      `${connector} n’a pas été connecté. Vous pouvez réessayer avec le même lien jusqu’à son expiration.`,
  },
  handOver: {
    offer: 'Je ne suis pas responsable : transmettre à un collègue',
    title: 'Transmettre à un collègue',
    text: (names) =>
      `Vous recevez une adresse pour la personne qui peut connecter ${names.connector}${target(names)}. Pendant ce temps, vous ne pouvez pas le faire vous-même, mais vous pouvez reprendre le lien.`,
    yourName: 'Votre nom, que l’autre personne verra (facultatif)',
    message: 'Message pour l’autre personne (facultatif)',
    create: 'Créer l’adresse',
    back: 'Retour',
    impossible: {
      title: 'Ce lien ne peut pas être transmis',
      text: ({ connector }) =>
        `Le lien pour connecter ${connector} est réservé à vous seul, ou il a été transmis trop souvent.`,
    },
    waiting: 'Lien transmis',
    send: ({ connector }) =>
      `Envoyez cette adresse dans un message privé. Toutes les personnes qui l’ont peuvent connecter ${connector} pour vous. Elle est affichée jusqu’à ce que l’autre personne l’ouvre.`,
    hidden:
      'L’adresse n’est affichée que dans le navigateur qui l’a créée. Si vous ne l’avez plus, reprenez le lien et transmettez-le à nouveau.',
    address: 'Adresse pour l’autre personne',
    copy: 'Copier l’adresse',
    copied: 'Adresse copiée',
    notOpened: 'L’autre personne n’a pas encore ouvert l’adresse.',
    opened: ({ connector }) =>
      `L’autre personne a ouvert l’adresse et peut maintenant connecter ${connector}.`,
    next: ({ connector }) =>
      `Dès que ${connector} est connecté, vous le voyez sur cette page. Vous pouvez encore reprendre le lien et l’utiliser vous-même.`,
    takeBack: 'Reprendre le lien',
    takenBack: 'Vous avez repris le lien. L’adresse de l’autre personne ne fonctionne plus.',
    expired: 'L’adresse de l’autre personne a expiré. Vous pouvez à nouveau utiliser le lien.',
    declined: 'L’autre personne a refusé. Vous pouvez à nouveau utiliser le lien.',
  },
  request: {
    title: (names) => `Connecter ${names.connector} pour ${names.endUser ?? 'un collègue'}`,
    text: (names) =>
      `${names.endUser ?? 'Un collègue'} vous demande de connecter ${names.connector} à ${app(names)}, et pourra y utiliser le compte.`,
    message: 'Message pour vous :',
    caution:
      'Continuez seulement si vous savez qui vous a envoyé cette adresse et si vous avez le droit de connecter ce compte.',
    declineHeading: 'Je ne veux pas le connecter',
    reason: 'Motif, que l’autre personne verra (facultatif)',
    decline: 'Refuser',
    declined: {
      title: 'Vous avez refusé',
      text: ({ connector }) =>
        `${connector} n’a pas été connecté. L’autre personne en est informée. Vous pouvez fermer cette fenêtre.`,
    },
    withdrawn: {
      title: 'Cette adresse ne fonctionne plus',
      text: ({ connector }) =>
        `La demande de connecter ${connector} a été retirée ou refusée, ou a expiré. Vous pouvez fermer cette fenêtre.`,
    },
    connected: (names) =>
      `${names.connector} est connecté à ${app(names)} pour ${names.endUser ?? 'l’autre personne'}. Vous pouvez fermer cette fenêtre.`,
    toBeConfirmed: (names) =>
      `L’autre personne doit confirmer la connexion avec ${names.connector} en revenant à ${app(names)}. Vous pouvez fermer cette fenêtre.`,
  },
}
