import type { ApplicationName, Names } from '../names.ts'
import type { Texts } from './en.ts'

const inApp = ({ application }: ApplicationName) =>
  application === null ? 'in der Anwendung' : `in ${application}`
const toApp = ({ application }: ApplicationName) =>
  application === null ? 'zur Anwendung' : `zu ${application}`
const withApp = ({ application }: ApplicationName) =>
  application === null ? 'mit der Anwendung' : `mit ${application}`
const as = ({ endUser }: Names) => (endUser === null ? '' : ` als ${endUser}`)
const target = (names: Names) =>
  names.application === null ? as(names) : ` mit ${names.application}${as(names)}`

export const de: Texts = {
  page: {
    footer: ({ application }) =>
      application === null
        ? 'Diese Seite verbindet Ihre Konten bei anderen Diensten.'
        : `Diese Seite verbindet Ihre Konten bei anderen Diensten mit ${application}.`,
    support: 'Hilfe',
    privacy: 'Datenschutz',
    back: (names) => `Zurück ${toApp(names)}`,
    moment: 'Einen Moment',
    continue: 'Weiter',
    openToContinue: 'Öffnen Sie diese Seite, um das Ergebnis zu sehen.',
    reload: 'Laden Sie diese Seite neu, um das Ergebnis zu sehen.',
  },
  error: {
    notFound: { title: 'Seite nicht gefunden', text: 'Unter dieser Adresse gibt es keine Seite.' },
    unknownLink: {
      title: 'Diesen Link gibt es nicht',
      text: 'Vielleicht fehlt ein Teil des Links. Öffnen Sie ihn noch einmal dort, wo Sie ihn erhalten haben, oder fordern Sie einen neuen an.',
    },
    failure: {
      title: 'Etwas ist schiefgegangen',
      text: 'Diese Seite kann gerade nicht angezeigt werden. Versuchen Sie es in einer Minute noch einmal.',
    },
    tooManyRequests: {
      title: 'Zu viele Anfragen',
      text: 'Aus Ihrem Netzwerk kamen viele Anfragen. Warten Sie eine Minute und laden Sie diese Seite dann neu.',
    },
  },
  link: {
    connect: (names) => `${names.connector}${target(names)} verbinden`,
    reconnect: (names) => `${names.connector}${target(names)} neu verbinden`,
    via: ({ provider }) => `über ${provider}`,
    footer: ({ application, connector }) =>
      `${application ?? 'Die Anwendung'} erfährt Ihr Passwort für ${connector} nicht.`,
    providerLogin: ({ provider }) =>
      `Bevor Sie fortfahren: Sie müssen bei ${provider} als Mitglied der Organisation des Betreibers angemeldet sein.`,
    continue: ({ provider }) => `Weiter zu ${provider}`,
    waiting: ({ provider }) => `Wir warten, bis Sie bei ${provider} fertig sind.`,
    newTab: ({ provider }) => `${provider} wird in einem neuen Tab geöffnet.`,
    keepOpen: 'Lassen Sie diese Seite offen: Sie geht von selbst weiter, sobald Sie fertig sind.',
    whenDone: 'Kommen Sie auf diese Seite zurück, sobald Sie fertig sind.',
    checkResult: 'Ergebnis prüfen',
    nameConnection: (name) => `Nennen Sie die Verbindung „${name}“.`,
    shareConnection: 'Geben Sie sie für die ganze Organisation frei.',
  },
  result: {
    connected: {
      title: 'Verbunden',
      text: (names) =>
        `Ihr Konto bei ${names.connector} ist${target(names)} verbunden. Sie können dieses Fenster schließen und ${toApp(names)} zurückkehren.`,
    },
    used: {
      title: 'Bereits verbunden',
      text: ({ connector }) =>
        `${connector} wurde mit diesem Link bereits verbunden. Sie können dieses Fenster schließen.`,
    },
    expired: {
      title: 'Dieser Link ist abgelaufen',
      text: (names) =>
        `${names.connector} wurde nicht verbunden. Gehen Sie zurück ${toApp(names)} und fordern Sie einen neuen Link an.`,
    },
    revoked: {
      title: 'Dieser Link wurde zurückgezogen',
      text: (names) =>
        `Er wurde ${inApp(names)} zurückgezogen. Wenn Sie ${names.connector} noch verbinden möchten, gehen Sie zurück ${toApp(names)} und fordern Sie einen neuen Link an.`,
    },
    superseded: {
      title: 'Es gibt einen neueren Link',
      text: ({ connector }) =>
        `Dieser Link für ${connector} wurde ersetzt. Verwenden Sie den letzten Link, den Sie erhalten haben.`,
    },
    failed: {
      title: 'Verbindung fehlgeschlagen',
      text: (names) =>
        `${names.connector} konnte nicht verbunden werden. Gehen Sie zurück ${toApp(names)} und versuchen Sie es mit einem neuen Link noch einmal.`,
    },
    suspended: {
      title: 'Das kann gerade nicht verbunden werden',
      text: ({ connector }) =>
        `Das Verbinden von ${connector} ist unterbrochen, weil der Dienst, über den es verbunden wird, ein Problem hat. Bitte versuchen Sie es mit dieser Adresse später noch einmal.`,
    },
    elsewhere: {
      title: 'Sie können dieses Fenster schließen',
      text: ({ connector }) => `Das Ergebnis steht dort, wo Sie begonnen haben, ${connector} zu verbinden.`,
    },
  },
  pending: {
    title: 'Fast geschafft',
    text: (names) =>
      `${names.provider} richtet die Verbindung von ${names.connector}${target(names)} noch ein.`,
    keepOpen: 'Lassen Sie dieses Fenster offen, bis das abgeschlossen ist.',
    mayClose: 'Sie können dieses Fenster schließen: Das Ergebnis geht nicht verloren.',
    status: ({ provider }) => `Wir warten auf die Bestätigung von ${provider}.`,
  },
  denied: {
    title: 'Es wurde nichts verbunden',
    text: ({ provider, connector }) =>
      `${provider} hat keine Verbindung von ${connector} gemeldet. Sie können es mit demselben Link noch einmal versuchen.`,
    tryAgain: 'Noch einmal versuchen',
  },
  held: {
    code: {
      title: 'Geben Sie diesen Code ein',
      heading: (names) => `Geben Sie diesen Code ${inApp(names)} ein`,
      text: (names) =>
        `Ihr Konto bei ${names.connector} ist noch nicht ${withApp(names)}${as(names)} verbunden. Gehen Sie zurück ${toApp(names)} und geben Sie den Code dort innerhalb von 15 Minuten ein.`,
      status: 'Wir warten auf den Code.',
      warning: (names) =>
        `Geben Sie den Code nur ein, wenn Sie selbst ${inApp(names)}${as(names)} angemeldet sind. Geben Sie ihn niemals an andere weiter: Sie bekämen Zugriff auf Ihr Konto.`,
    },
    refused: {
      title: 'Das konnte nicht bestätigt werden',
      text: (names) =>
        `Der Link wurde in mehreren Browsern verwendet, deshalb ist nicht sicher, wessen Konto es ist. ${names.connector} wurde nicht verbunden. Gehen Sie zurück ${toApp(names)}, fordern Sie einen neuen Link an und öffnen Sie ihn nur in einem Browser.`,
    },
    elsewhere: {
      title: 'Fast fertig',
      enterCode: (names) =>
        `Geben Sie den Code ${inApp(names)} ein, der in dem Browser angezeigt wird, in dem Sie fertig geworden sind.`,
      goBack: (names) => `Gehen Sie zurück ${toApp(names)}, um abzuschließen.`,
    },
    retry: ({ provider }) => `${provider} antwortet noch nicht. Diese Seite versucht es noch einmal.`,
  },
  cancel: {
    button: 'Abbrechen',
    title: 'Sie haben abgebrochen',
    text: ({ connector }) =>
      `${connector} wurde nicht verbunden. Sie können es mit demselben Link noch einmal versuchen, bis er abläuft.`,
  },
  handOver: {
    offer: 'Ich bin nicht zuständig: an jemanden im Team weitergeben',
    title: 'An jemanden im Team weitergeben',
    text: (names) =>
      `Sie erhalten eine Adresse für die Person, die ${names.connector}${target(names)} verbinden kann. Solange können Sie es nicht selbst verbinden, aber Sie können den Link zurücknehmen.`,
    yourName: 'Ihr Name, den die andere Person sieht (optional)',
    message: 'Nachricht an die andere Person (optional)',
    create: 'Adresse erstellen',
    back: 'Zurück',
    impossible: {
      title: 'Das kann nicht weitergegeben werden',
      text: ({ connector }) =>
        `Den Link für ${connector} können nur Sie selbst verwenden, oder er wurde zu oft weitergegeben.`,
    },
    waiting: 'Weitergegeben',
    send: ({ connector }) =>
      `Senden Sie diese Adresse in einer privaten Nachricht. Alle, die sie haben, können ${connector} für Sie verbinden. Sie wird angezeigt, bis die andere Person sie öffnet.`,
    hidden:
      'Die Adresse wird nur in dem Browser angezeigt, in dem sie erstellt wurde. Wenn Sie sie nicht mehr haben, nehmen Sie den Link zurück und geben Sie ihn noch einmal weiter.',
    address: 'Adresse für die andere Person',
    copy: 'Adresse kopieren',
    copied: 'Kopiert',
    notOpened: 'Die andere Person hat die Adresse noch nicht geöffnet.',
    opened: ({ connector }) =>
      `Die andere Person hat die Adresse geöffnet und kann ${connector} jetzt verbinden.`,
    next: ({ connector }) =>
      `Sobald ${connector} verbunden ist, sehen Sie es auf dieser Seite. Sie können den Link noch zurücknehmen und ihn selbst verwenden.`,
    takeBack: 'Zurücknehmen',
    takenBack: 'Sie haben den Link zurückgenommen. Die Adresse der anderen Person funktioniert nicht mehr.',
    expired: 'Die Adresse der anderen Person ist abgelaufen. Sie können den Link wieder selbst verwenden.',
    declined: 'Die andere Person hat abgelehnt. Sie können den Link wieder selbst verwenden.',
  },
  request: {
    title: (names) => `${names.connector} für ${names.endUser ?? 'eine Person aus Ihrem Team'} verbinden`,
    text: (names) =>
      `${names.endUser ?? 'Eine Person aus Ihrem Team'} möchte, dass Sie ${names.connector} ${withApp(names)} verbinden, und kann das Konto dort dann verwenden.`,
    message: 'Nachricht an Sie:',
    caution:
      'Fahren Sie nur fort, wenn Sie wissen, wer Ihnen diese Adresse gesendet hat, und wenn Sie dieses Konto verbinden dürfen.',
    declineHeading: 'Ich möchte das nicht verbinden',
    reason: 'Grund, den die andere Person sieht (optional)',
    decline: 'Ablehnen',
    declined: {
      title: 'Sie haben abgelehnt',
      text: ({ connector }) =>
        `${connector} wurde nicht verbunden. Die andere Person wird benachrichtigt. Sie können dieses Fenster schließen.`,
    },
    withdrawn: {
      title: 'Diese Adresse funktioniert nicht mehr',
      text: ({ connector }) =>
        `Die Bitte, ${connector} zu verbinden, wurde zurückgenommen oder abgelehnt oder ist abgelaufen. Sie können dieses Fenster schließen.`,
    },
    connected: (names) =>
      `${names.connector} ist für ${names.endUser ?? 'die andere Person'} ${withApp(names)} verbunden. Sie können dieses Fenster schließen.`,
    toBeConfirmed: (names) =>
      `Die andere Person muss ${inApp(names)} bestätigen, dass ${names.connector} verbunden ist. Sie können dieses Fenster schließen.`,
  },
}
