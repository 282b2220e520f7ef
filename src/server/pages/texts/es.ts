import type { ApplicationName, Names } from '../names.ts'
import type { Texts } from './en.ts'

const app = ({ application }: ApplicationName) => application ?? 'la aplicación'
const as = ({ endUser }: Names) => (endUser === null ? '' : ` como ${endUser}`)
const target = (names: Names) =>
  names.application === null ? as(names) : ` con ${names.application}${as(names)}`

export const es: Texts = {
  page: {
    footer: ({ application }) =>
      application === null
        ? 'Esta página conecta tus cuentas de otros servicios.'
        : `Esta página conecta tus cuentas de otros servicios con ${application}.`,
    support: 'Ayuda',
    privacy: 'Privacidad',
    back: (names) => `Volver a ${app(names)}`,
    moment: 'Un momento',
    continue: 'Continuar',
    openToContinue: 'Abre esta página para ver el resultado.',
    reload: 'Vuelve a cargar esta página para ver el resultado.',
  },
  error: {
    notFound: { title: 'Página no encontrada', text: 'No hay ninguna página en esta dirección.' },
    unknownLink: {
      title: 'Este enlace no existe',
      text: 'Puede que falte una parte del enlace. Ábrelo de nuevo desde donde lo recibiste o solicita uno nuevo.',
    },
    failure: {
      title: 'Algo ha salido mal',
      text: 'Esta página no se puede mostrar en este momento. Inténtalo de nuevo dentro de un minuto.',
    },
    tooManyRequests: {
      title: 'Demasiadas solicitudes',
      text: 'Han llegado muchas solicitudes desde tu red. Espera un minuto y vuelve a cargar esta página.',
    },
  },
  link: {
    connect: (names) => `Conectar ${names.connector}${target(names)}`,
    reconnect: (names) => `Volver a conectar ${names.connector}${target(names)}`,
    via: ({ provider }) => `mediante ${provider}`,
    footer: (names) => `Tu contraseña de ${names.connector} no se muestra a ${app(names)}.`,
    providerLogin: ({ provider }) =>
      `Antes de continuar, comprueba que has iniciado sesión en ${provider} como miembro de la organización del operador.`,
    continue: ({ provider }) => `Continuar a ${provider}`,
    waiting: ({ provider }) => `Esperando a que termines en ${provider}.`,
    newTab: ({ provider }) => `${provider} se abre en una pestaña nueva.`,
    keepOpen: 'Deja esta página abierta: continuará automáticamente cuando termines.',
    whenDone: 'Cuando termines, vuelve a esta página.',
    checkResult: 'Comprobar el resultado',
    nameConnection: (name) => `Llama a la conexión «${name}».`,
    shareConnection: 'Ponla a disposición de toda la organización.',
  },
  result: {
    connected: {
      title: 'Conectado',
      text: (names) =>
        `Tu cuenta de ${names.connector} está conectada${target(names)}. Puedes cerrar esta ventana y volver a ${app(names)}.`,
    },
    used: {
      title: 'Ya está conectado',
      text: ({ connector }) => `${connector} ya se conectó con este enlace. Puedes cerrar esta ventana.`,
    },
    expired: {
      title: 'Este enlace ha caducado',
      text: (names) =>
        `${names.connector} no se ha conectado. Vuelve a ${app(names)} y solicita un enlace nuevo.`,
    },
    revoked: {
      title: 'Este enlace se ha cancelado',
      text: (names) =>
        `Se canceló en ${app(names)}. Si todavía quieres conectar ${names.connector}, vuelve a ${app(names)} y solicita un enlace nuevo.`,
    },
    superseded: {
      title: 'Hay un enlace más reciente',
      text: ({ connector }) =>
        `Este enlace para conectar ${connector} se ha sustituido. Usa el último enlace que recibiste.`,
    },
    failed: {
      title: 'No se pudo conectar',
      text: (names) =>
        `${names.connector} no se ha podido conectar. Vuelve a ${app(names)} e inténtalo de nuevo con un enlace nuevo.`,
    },
    suspended: {
      title: 'Ahora no se puede conectar',
      text: ({ connector }) =>
        `La conexión de ${connector} está en pausa por un problema del servicio a través del cual se conecta. Vuelve a probar esta dirección más tarde.`,
    },
    elsewhere: {
      title: 'Puedes cerrar esta ventana',
      text: ({ connector }) => `El resultado se muestra donde empezaste a conectar ${connector}.`,
    },
  },
  pending: {
    title: 'Ya casi está',
    text: (names) =>
      `${names.provider} todavía está preparando la conexión de ${names.connector}${target(names)}.`,
    keepOpen: 'Deja esta ventana abierta hasta que termine.',
    mayClose: 'Puedes cerrar esta ventana: el resultado no se pierde.',
    status: ({ provider }) => `Esperando la confirmación de ${provider}.`,
  },
  denied: {
    title: 'No se ha conectado nada',
    text: ({ provider, connector }) =>
      `${provider} no ha comunicado ninguna conexión de ${connector}. Puedes intentarlo de nuevo con el mismo enlace.`,
    tryAgain: 'Intentarlo de nuevo',
  },
  held: {
    code: {
      title: 'Introduce este código',
      heading: (names) => `Introduce este código en ${app(names)}`,
      text: (names) =>
        `Tu cuenta de ${names.connector} todavía no está conectada con ${app(names)}${as(names)}. Vuelve a ${app(names)} e introduce allí el código antes de 15 minutos.`,
      status: 'Esperando el código.',
      warning: (names) =>
        `Introduce el código solo si tú mismo usas ${app(names)}${as(names)}. No se lo des nunca a otra persona: tendría acceso a tu cuenta.`,
    },
    refused: {
      title: 'No se ha podido confirmar',
      text: (names) =>
        `El enlace se usó en más de un navegador, así que no es seguro de quién es la cuenta. ${names.connector} no se ha conectado. Vuelve a ${app(names)}, solicita un enlace nuevo y ábrelo en un solo navegador.`,
    },
    elsewhere: {
      title: 'Falta muy poco',
      enterCode: (names) =>
        `Introduce en ${app(names)} el código que se muestra en el navegador en el que terminaste.`,
      goBack: (names) => `Vuelve a ${app(names)} para terminar.`,
    },
    retry: ({ provider }) => `${provider} todavía no responde. Esta página lo intentará de nuevo.`,
  },
  cancel: {
    button: 'Cancelar',
    title: 'Has cancelado',
    text: ({ connector }) =>
      `${connector} no se ha conectado. Puedes intentarlo de nuevo con el mismo enlace hasta que caduque.`,
  },
  handOver: {
    offer: 'No soy la persona responsable: pasarlo a un compañero',
    title: 'Pasarlo a un compañero',
    text: (names) =>
      `Recibirás una dirección para la persona que puede conectar ${names.connector}${target(names)}. Mientras tanto no podrás conectarlo tú, pero puedes recuperar el enlace.`,
    yourName: 'Tu nombre, que verá la otra persona (opcional)',
    message: 'Mensaje para la otra persona (opcional)',
    create: 'Crear la dirección',
    back: 'Volver',
    impossible: {
      title: 'No se puede pasar a otra persona',
      text: ({ connector }) =>
        `El enlace para conectar ${connector} solo lo puedes usar tú, o ya se ha pasado demasiadas veces.`,
    },
    waiting: 'Se ha pasado a otra persona',
    send: ({ connector }) =>
      `Envía esta dirección en un mensaje privado. Todas las personas que la tengan podrán conectar ${connector} por ti. Se muestra hasta que la otra persona la abra.`,
    hidden:
      'La dirección solo se muestra en el navegador en el que se creó. Si ya no la tienes, recupera el enlace y vuelve a pasarlo.',
    address: 'Dirección para la otra persona',
    copy: 'Copiar la dirección',
    copied: 'Copiada',
    notOpened: 'La otra persona todavía no ha abierto la dirección.',
    opened: ({ connector }) => `La otra persona ha abierto la dirección y ya puede conectar ${connector}.`,
    next: ({ connector }) =>
      `Cuando ${connector} esté conectado, lo verás en esta página. Todavía puedes recuperar el enlace y usarlo tú.`,
    takeBack: 'Recuperar el enlace',
    takenBack: 'Has recuperado el enlace. La dirección de la otra persona ya no funciona.',
    expired: 'La dirección de la otra persona ha caducado. Puedes volver a usar el enlace.',
    declined: 'La otra persona ha rechazado la petición. Puedes volver a usar el enlace.',
  },
  request: {
    title: (names) => `Conectar ${names.connector} para ${names.endUser ?? 'otra persona'}`,
    text: (names) =>
      `${names.endUser ?? 'Una persona de tu equipo'} quiere que conectes ${names.connector} con ${app(names)}, y podrá usar allí la cuenta.`,
    message: 'Mensaje para ti:',
    caution: 'Continúa solo si sabes quién te ha enviado esta dirección y si puedes conectar esta cuenta.',
    declineHeading: 'No quiero conectarlo',
    reason: 'Motivo, que verá la otra persona (opcional)',
    decline: 'Rechazar',
    declined: {
      title: 'Has rechazado la petición',
      text: ({ connector }) =>
        `${connector} no se ha conectado. Se avisará a la otra persona. Puedes cerrar esta ventana.`,
    },
    withdrawn: {
      title: 'Esta dirección ya no funciona',
      text: ({ connector }) =>
        `La petición de conectar ${connector} se ha retirado o rechazado, o ha caducado. Puedes cerrar esta ventana.`,
    },
    connected: (names) =>
      `${names.connector} está conectado con ${app(names)} para ${names.endUser ?? 'la otra persona'}. Puedes cerrar esta ventana.`,
    toBeConfirmed: (names) =>
      `La otra persona tiene que confirmar en ${app(names)} que ${names.connector} está conectado. Puedes cerrar esta ventana.`,
  },
}
