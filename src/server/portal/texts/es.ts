import type { ApplicationName } from '../../pages/names.ts'
import type { PortalTexts } from './en.ts'

const toApp = ({ application }: ApplicationName) =>
  application === null ? 'a la aplicación' : `a ${application}`
const inApp = ({ application }: ApplicationName) =>
  application === null ? 'en la aplicación' : `en ${application}`
const withApp = ({ application }: ApplicationName) => (application === null ? '' : ` con ${application}`)

export const es: PortalTexts = {
  nav: { label: 'Portal', connect: 'Servicios', connections: 'Mis conexiones' },
  search: {
    title: (names) => `Conectar un servicio${withApp(names)}`,
    label: 'Buscar servicios',
    category: 'Categoría',
    allCategories: 'Todas las categorías',
    submit: 'Buscar',
    recent: 'Usados recientemente',
    results: 'Servicios',
    count: (count) => (count === '1' ? '1 servicio' : `${count} servicios`),
    none: (query) => `Ningún servicio coincide con «${query}».`,
    noneHint: 'Compruebe la ortografía o busque el nombre del fabricante.',
    noneAtAll: 'No hay ningún servicio que se pueda conectar.',
    more: 'Página siguiente',
    all: 'Mostrar todos los servicios',
    keys: 'Pulse / para buscar y las flechas para recorrer la lista.',
  },
  application: {
    title: (name, names) => `Conectar ${name}${withApp(names)}`,
    next: (name) => `Continuará en la página en la que inicia sesión en ${name} y permite el acceso.`,
    newTab: 'Se abre en una pestaña nueva. Mantenga abierta esta página: continúa cuando haya terminado.',
    direction: '¿Qué quiere hacer?',
    directions: {
      SOURCE: (name) => `Leer datos de ${name}`,
      DESTINATION: (name) => `Escribir datos en ${name}`,
      TOOL: (name) => `Usar ${name} en automatizaciones`,
    },
    submit: (name) => `Conectar ${name}`,
    waiting: 'Esperando a que termine en la otra pestaña.',
    waitingTitle: (name) => `Termine de conectar ${name}`,
    open: 'Abrir la página de nuevo',
    unavailable: 'Este servicio no se puede conectar aquí',
    unavailableText: 'No existe o no está disponible para usted.',
    other: 'Elegir otro servicio',
  },
  connections: {
    title: 'Mis conexiones',
    none: 'Todavía no tiene conexiones.',
    first: 'Conectar un servicio',
    via: (provider) => `mediante ${provider}`,
    ofOrganization: (organization) => `compartida en ${organization}`,
    organization: 'su organización',
    statuses: {
      PENDING: 'En preparación',
      ACTIVE: 'Conectada',
      NEEDS_ATTENTION: 'Requiere atención',
      PAUSED: 'En pausa',
      DISCONNECTED: 'Eliminada',
      UNKNOWN: 'Estado desconocido',
    },
    problems: {
      NEEDS_REAUTH: 'El acceso ha caducado o se ha retirado. Vuelva a conectar la cuenta.',
      NEEDS_CONFIG: 'Faltan ajustes. Vuelva a conectar la cuenta para completarlos.',
      REVOKED: 'El acceso se ha retirado. Vuelva a conectar la cuenta.',
      DEGRADED: 'No funciona en este momento.',
    },
    reconnect: 'Volver a conectar',
    remove: 'Eliminar',
    nameOf: (action, connection) => `${action}: ${connection}`,
    unfinished: 'Sin terminar',
    opened: 'Iniciada y todavía sin terminar',
    resume: 'Continuar',
    cancel: 'Cancelar',
    removed: (connection) => `Se ha eliminado ${connection}.`,
    canceled: 'Se ha cancelado.',
    more: 'Página siguiente',
    newest: 'Mostrar las conexiones más recientes',
  },
  remove: {
    title: (connection) => `¿Eliminar ${connection}?`,
    text: (names) =>
      `La cuenta se desconecta y ya no se podrá usar ${inApp(names)}. No se puede deshacer; más adelante puede volver a conectar la cuenta.`,
    submit: 'Eliminar',
    keep: 'Conservar',
  },
  done: {
    completed: (name) => `${name} está conectado`,
    completedText: (name, names) => `Su cuenta de ${name} está conectada${withApp(names)}.`,
    reconnected: (name) => `${name} está conectado de nuevo`,
    pending: 'Ya casi está',
    pendingText: (name) =>
      `La conexión con ${name} todavía se está preparando. Esta página muestra el resultado en cuanto se conozca.`,
    pendingStatus: 'Esperando la confirmación.',
    check: 'Comprobar el resultado',
    failed: (name) => `${name} no se ha conectado`,
    failedText: 'No se permitió el acceso o algo salió mal. Puede intentarlo de nuevo.',
    expiredText: 'Ha tardado demasiado. Puede intentarlo de nuevo.',
    revokedText: 'Se ha cancelado. Puede intentarlo de nuevo.',
    confirmText: (names) => `Vuelva ${toApp(names)} para terminar: allí se confirma la conexión.`,
    unknown: 'Ha vuelto',
    unknownText: (names) => `Verá el resultado ${inApp(names)}.`,
    retry: 'Intentar de nuevo',
    another: 'Conectar otro servicio',
    close: 'Puede cerrar esta pestaña: la página desde la que empezó también muestra el resultado.',
  },
  ended: {
    expired: 'Su sesión ha terminado',
    expiredText: (names) =>
      `Por su seguridad, esta página solo funciona durante un tiempo limitado. Vuelva ${toApp(names)} y ábrala de nuevo. Lo que ha conectado sigue conectado.`,
    revoked: 'Esta sesión se ha cerrado',
    revokedText: (names) =>
      `Se ha cerrado ${inApp(names)}. Si todavía necesita esta página, ábrala allí de nuevo.`,
    unknown: 'Esta dirección no es válida',
    unknownText: 'Puede que falte una parte. Vuelva a la aplicación y abra la página de nuevo.',
  },
  errors: {
    tooManyLinks: 'Hay demasiadas conexiones sin terminar. Termine o cancele antes una de ellas.',
    providerDown: (name) =>
      `${name} no se puede conectar en este momento: el servicio que establece la conexión no responde. No se ha conectado nada. Inténtelo de nuevo en unos minutos.`,
    rejected: (name) =>
      `El servicio que establece la conexión se ha negado a conectar ${name}. No se ha conectado nada.`,
    unsupported: (name) => `${name} no se puede conectar aquí.`,
    direction: 'Elija qué quiere hacer.',
    settings: (name, names) =>
      `${name} necesita ajustes que solo se pueden hacer ${inApp(names)}. Pregunte a sus responsables.`,
    inProgress: 'Todavía se está preparando. Espere un momento e inténtelo de nuevo.',
    used: 'Ese intento ha terminado. Puede empezar de nuevo.',
    notRemoved: 'No se ha podido eliminar. Inténtelo de nuevo más tarde.',
    notRemovable: 'No se puede eliminar aquí.',
    notReconnectable: 'No se puede volver a conectar aquí.',
    gone: 'Ya no existe.',
    wait: (seconds) => `Demasiadas solicitudes. Inténtelo de nuevo en ${seconds} segundos.`,
    busy: 'Demasiadas solicitudes',
    unavailable: 'Esta página no está disponible en este momento',
    unavailableText: 'Inténtelo de nuevo en unos instantes.',
    forbidden: 'No es posible en esta sesión',
    forbiddenText: 'Vuelva atrás y elija otra cosa.',
    form: 'Este formulario no se envió desde esta página',
    formText: 'Abra la página de nuevo y envíelo desde allí.',
  },
}
