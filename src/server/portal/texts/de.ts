import type { ApplicationName } from '../../pages/names.ts'
import type { PortalTexts } from './en.ts'

const toApp = ({ application }: ApplicationName) =>
  application === null ? 'zur Anwendung' : `zu ${application}`
const inApp = ({ application }: ApplicationName) =>
  application === null ? 'in der Anwendung' : `in ${application}`
const withApp = ({ application }: ApplicationName) => (application === null ? '' : ` mit ${application}`)

export const de: PortalTexts = {
  nav: { label: 'Portal', connect: 'Dienste', connections: 'Meine Verbindungen' },
  search: {
    title: (names) => `Einen Dienst${withApp(names)} verbinden`,
    label: 'Dienste suchen',
    category: 'Kategorie',
    allCategories: 'Alle Kategorien',
    submit: 'Suchen',
    recent: 'Zuletzt verwendet',
    results: 'Dienste',
    count: (count) => (count === '1' ? '1 Dienst' : `${count} Dienste`),
    none: (query) => `Kein Dienst passt zu „${query}“.`,
    noneHint: 'Prüfen Sie die Schreibweise, oder suchen Sie nach dem Namen des Herstellers.',
    noneAtAll: 'Es gibt keinen Dienst, der verbunden werden kann.',
    more: 'Nächste Seite',
    all: 'Alle Dienste anzeigen',
    keys: 'Mit / gelangen Sie zur Suche, mit den Pfeiltasten durch die Liste.',
  },
  application: {
    title: (name, names) => `${name}${withApp(names)} verbinden`,
    next: (name) =>
      `Weiter geht es auf der Seite, auf der Sie sich bei ${name} anmelden und den Zugriff erlauben.`,
    newTab: 'Sie öffnet sich in einem neuen Tab.',
    keepOpen: 'Lassen Sie diese Seite offen: Sie fährt fort, sobald Sie fertig sind.',
    already: (name) => `Sie haben ${name} bereits verbunden.`,
    another: 'Ein weiteres Konto verbinden',
    direction: 'Was möchten Sie tun?',
    directions: {
      SOURCE: (name) => `Daten aus ${name} lesen`,
      DESTINATION: (name) => `Daten nach ${name} schreiben`,
      TOOL: (name) => `${name} in Automatisierungen verwenden`,
    },
    submit: (name) => `${name} verbinden`,
    waiting: 'Warten, bis Sie im anderen Tab fertig sind.',
    waitingTitle: (name) => `Schließen Sie die Verbindung mit ${name} ab`,
    open: 'Die Seite erneut öffnen',
    unavailable: 'Dieser Dienst kann hier nicht verbunden werden',
    unavailableText: 'Es gibt ihn nicht, oder er steht Ihnen nicht zur Verfügung.',
    other: 'Einen anderen Dienst wählen',
  },
  connections: {
    title: 'Meine Verbindungen',
    none: 'Sie haben noch keine Verbindungen.',
    noneLeft: 'Sie haben keine Verbindungen.',
    first: 'Einen Dienst verbinden',
    connectedAt: (date) => `Verbunden am ${date}`,
    via: (provider) => `über ${provider}`,
    ofOrganization: (organization) => `geteilt in ${organization}`,
    organization: 'Ihrer Organisation',
    statuses: {
      PENDING: 'Wird eingerichtet',
      ACTIVE: 'Verbunden',
      NEEDS_ATTENTION: 'Braucht Aufmerksamkeit',
      PAUSED: 'Angehalten',
      DISCONNECTED: 'Entfernt',
      UNKNOWN: 'Zustand unbekannt',
    },
    problems: {
      NEEDS_REAUTH: 'Der Zugriff ist abgelaufen oder wurde entzogen. Verbinden Sie das Konto erneut.',
      NEEDS_CONFIG: 'Es fehlen Einstellungen. Verbinden Sie das Konto erneut, um sie zu ergänzen.',
      REVOKED: 'Der Zugriff wurde entzogen. Verbinden Sie das Konto erneut.',
      DEGRADED: 'Sie funktioniert zurzeit nicht.',
    },
    reconnect: 'Erneut verbinden',
    remove: 'Entfernen',
    nameOf: (action, connection) => `${action}: ${connection}`,
    unfinished: 'Nicht abgeschlossen',
    opened: (date) => `Begonnen am ${date} und noch nicht abgeschlossen`,
    failures: {
      ACCESS_DENIED: 'Der letzte Versuch ist gescheitert: Der Zugriff wurde nicht erlaubt.',
      AMBIGUOUS: 'Der letzte Versuch ist gescheitert: Es ist nicht klar, welches Konto verbunden wurde.',
      CANCELLED: 'Der letzte Versuch wurde abgebrochen.',
      DECLINED: 'Die andere Person hat abgelehnt.',
      INVALID_CREDENTIALS: 'Der letzte Versuch ist gescheitert: Die Zugangsdaten wurden nicht angenommen.',
      NOT_CONFIRMED: 'Der letzte Versuch ist gescheitert: Er wurde nicht bestätigt.',
      OTHER_CONNECTOR:
        'Der letzte Versuch ist gescheitert: Es wurde ein Konto eines anderen Dienstes verbunden.',
      REMOVED_AT_PROVIDER: 'Der letzte Versuch ist gescheitert: Die Verbindung wurde beim Anbieter entfernt.',
      SETUP_TEST_FAILED: 'Der letzte Versuch ist gescheitert: Der Test der Verbindung war nicht erfolgreich.',
      UNKNOWN: 'Der letzte Versuch ist gescheitert.',
    },
    resume: 'Fortsetzen',
    cancel: 'Abbrechen',
    removed: (connection) => `${connection} wurde entfernt.`,
    canceled: (name) => `Das Verbinden von ${name} wurde abgebrochen.`,
    more: 'Nächste Seite',
    newest: 'Die neuesten Verbindungen anzeigen',
  },
  remove: {
    title: (connection) => `${connection} entfernen?`,
    text: (names) =>
      `Das Konto wird getrennt und kann ${inApp(names)} nicht mehr verwendet werden. Das lässt sich nicht rückgängig machen; Sie können das Konto später neu verbinden.`,
    submit: 'Entfernen',
    keep: 'Behalten',
  },
  done: {
    completed: (name) => `${name} ist verbunden`,
    completedText: (name, names) => `Ihr Konto bei ${name} ist${withApp(names)} verbunden.`,
    reconnected: (name) => `${name} ist wieder verbunden`,
    pending: 'Fast fertig',
    pendingText: (name) => `Die Verbindung mit ${name} wird noch eingerichtet.`,
    pendingLive: 'Diese Seite zeigt das Ergebnis, sobald es bekannt ist.',
    pendingStatus: 'Warten auf die Bestätigung.',
    check: 'Ergebnis prüfen',
    failed: (name) => `${name} wurde nicht verbunden`,
    failedText:
      'Der Zugriff wurde nicht erlaubt, oder etwas ist schiefgegangen. Sie können es noch einmal versuchen.',
    expiredText: 'Es hat zu lange gedauert. Sie können es noch einmal versuchen.',
    revokedText: 'Der Vorgang wurde abgebrochen. Sie können es noch einmal versuchen.',
    confirmText: (names) => `Gehen Sie zurück ${toApp(names)}: Dort muss die Verbindung bestätigt werden.`,
    unknown: 'Sie sind zurück',
    unknownText: (names) => `Das Ergebnis sehen Sie ${inApp(names)}.`,
    retry: 'Noch einmal versuchen',
    another: 'Einen weiteren Dienst verbinden',
    close: 'Sie können diesen Tab schließen: Die Seite, von der Sie kommen, zeigt das Ergebnis auch.',
  },
  ended: {
    expired: 'Ihre Sitzung ist beendet',
    expiredText: (names) =>
      `Zu Ihrer Sicherheit gilt diese Seite nur für begrenzte Zeit. Gehen Sie zurück ${toApp(names)} und öffnen Sie sie neu. Was Sie verbunden haben, bleibt verbunden.`,
    revoked: 'Diese Sitzung wurde geschlossen',
    revokedText: (names) =>
      `Sie wurde ${inApp(names)} geschlossen. Wenn Sie diese Seite noch brauchen, öffnen Sie sie dort neu.`,
    unknown: 'Diese Adresse ist nicht gültig',
    unknownText:
      'Vielleicht fehlt ein Teil von ihr. Gehen Sie zurück zur Anwendung und öffnen Sie die Seite neu.',
  },
  errors: {
    tooManyLinks:
      'Zu viele Verbindungen sind noch nicht abgeschlossen. Schließen Sie zuerst eine ab, oder brechen Sie eine ab.',
    providerDown: (name) =>
      `${name} kann zurzeit nicht verbunden werden: Der Dienst, der die Verbindung herstellt, antwortet nicht. Es wurde nichts verbunden. Versuchen Sie es in ein paar Minuten noch einmal.`,
    rejected: (name) =>
      `Der Dienst, der die Verbindung herstellt, hat es abgelehnt, ${name} zu verbinden. Es wurde nichts verbunden.`,
    unsupported: (name) => `${name} kann hier nicht verbunden werden.`,
    direction: 'Wählen Sie, was Sie tun möchten.',
    settings: (name, names) =>
      `${name} braucht Einstellungen, die nur ${inApp(names)} gemacht werden können. Fragen Sie deren Betreiber.`,
    inProgress:
      'Der Vorgang wird noch vorbereitet. Warten Sie einen Moment, und versuchen Sie es dann noch einmal.',
    used: 'Dieser Versuch ist beendet. Sie können neu beginnen.',
    notRemoved: 'Das Entfernen ist nicht gelungen. Versuchen Sie es später noch einmal.',
    notRemovable: 'Diese Verbindung kann hier nicht entfernt werden.',
    notReconnectable: 'Diese Verbindung kann hier nicht erneuert werden.',
    gone: 'Das gibt es nicht mehr.',
    wait: (seconds) => `Es waren zu viele Anfragen. Versuchen Sie es in ${seconds} Sekunden noch einmal.`,
    busy: 'Zu viele Anfragen',
    unavailable: 'Diese Seite ist zurzeit nicht verfügbar',
    unavailableText: 'Versuchen Sie es gleich noch einmal.',
    forbidden: 'Das ist in dieser Sitzung nicht möglich',
    forbiddenText: 'Gehen Sie zurück, und wählen Sie etwas anderes.',
    form: 'Dieses Formular kam nicht von dieser Seite',
    formText: 'Öffnen Sie die Seite neu, und senden Sie es von dort.',
  },
}
