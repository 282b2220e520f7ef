import type { ApplicationName, Names } from '../names.ts'
import type { Texts } from './en.ts'

const inApp = ({ application }: ApplicationName) =>
  application === null ? 'no aplicativo' : `em ${application}`
const toApp = ({ application }: ApplicationName) =>
  application === null ? 'para o aplicativo' : `para ${application}`
const withApp = ({ application }: ApplicationName) =>
  application === null ? 'com o aplicativo' : `com ${application}`
const as = ({ endUser }: Names) => (endUser === null ? '' : ` como ${endUser}`)
const target = (names: Names) =>
  names.application === null ? as(names) : ` com ${names.application}${as(names)}`

export const pt: Texts = {
  page: {
    footer: ({ application }) =>
      application === null
        ? 'Esta página conecta suas contas de outros serviços.'
        : `Esta página conecta suas contas de outros serviços com ${application}.`,
    support: 'Ajuda',
    privacy: 'Privacidade',
    back: (names) => `Voltar ${toApp(names)}`,
    moment: 'Um momento',
    continue: 'Continuar',
    openToContinue: 'Abra esta página para ver o resultado.',
    reload: 'Recarregue esta página para ver o resultado.',
  },
  error: {
    notFound: { title: 'Página não encontrada', text: 'Não há nenhuma página neste endereço.' },
    unknownLink: {
      title: 'Este link não existe',
      text: 'Talvez falte uma parte do link. Abra-o novamente onde você o recebeu ou peça um novo.',
    },
    failure: {
      title: 'Algo deu errado',
      text: 'Esta página não pode ser exibida no momento. Tente novamente em um minuto.',
    },
    tooManyRequests: {
      title: 'Solicitações demais',
      text: 'Muitas solicitações vieram da sua rede. Espere um minuto e recarregue esta página.',
    },
  },
  link: {
    connect: (names) => `Conectar ${names.connector}${target(names)}`,
    reconnect: (names) => `Reconectar ${names.connector}${target(names)}`,
    via: ({ provider }) => `por meio de ${provider}`,
    footer: ({ application, connector }) =>
      `Sua senha de ${connector} não é mostrada ${application === null ? 'ao aplicativo' : `a ${application}`}.`,
    providerLogin: ({ provider }) =>
      `Antes de continuar, verifique se você entrou em ${provider} como membro da organização do operador.`,
    continue: ({ provider }) => `Continuar para ${provider}`,
    waiting: ({ provider }) => `Aguardando você concluir em ${provider}.`,
    newTab: ({ provider }) => `${provider} abre em uma nova guia.`,
    keepOpen: 'Deixe esta página aberta: ela continua automaticamente quando você terminar.',
    whenDone: 'Quando terminar, volte para esta página.',
    checkResult: 'Verificar o resultado',
    nameConnection: (name) => `Dê à conexão o nome “${name}”.`,
    shareConnection: 'Disponibilize-a para toda a organização.',
  },
  result: {
    connected: {
      title: 'Conectado',
      text: (names) =>
        `Sua conta de ${names.connector} está conectada${target(names)}. Você pode fechar esta janela e voltar ${toApp(names)}.`,
    },
    used: {
      title: 'Já está conectado',
      text: ({ connector }) => `${connector} já foi conectado com este link. Você pode fechar esta janela.`,
    },
    expired: {
      title: 'Este link expirou',
      text: (names) => `${names.connector} não foi conectado. Volte ${toApp(names)} e peça um novo link.`,
    },
    revoked: {
      title: 'Este link foi cancelado',
      text: (names) =>
        `Ele foi cancelado ${inApp(names)}. Se você ainda quiser conectar ${names.connector}, volte ${toApp(names)} e peça um novo link.`,
    },
    superseded: {
      title: 'Há um link mais recente',
      text: ({ connector }) =>
        `Este link para conectar ${connector} foi substituído. Use o último link que você recebeu.`,
    },
    failed: {
      title: 'A conexão falhou',
      text: (names) =>
        `Não foi possível conectar ${names.connector}. Volte ${toApp(names)} e tente novamente com um novo link.`,
    },
    suspended: {
      title: 'Não é possível conectar agora',
      text: ({ connector }) =>
        `A conexão de ${connector} está pausada por causa de um problema no serviço pelo qual ela é feita. Tente este endereço novamente mais tarde.`,
    },
    elsewhere: {
      title: 'Você pode fechar esta janela',
      text: ({ connector }) => `O resultado aparece onde você começou a conectar ${connector}.`,
    },
  },
  pending: {
    title: 'Quase lá',
    text: (names) =>
      `${names.provider} ainda está preparando a conexão de ${names.connector}${target(names)}.`,
    keepOpen: 'Deixe esta janela aberta até terminar.',
    mayClose: 'Você pode fechar esta janela: o resultado não se perde.',
    status: ({ provider }) => `Aguardando a confirmação de ${provider}.`,
  },
  denied: {
    title: 'Nada foi conectado',
    text: ({ provider, connector }) =>
      `${provider} não informou nenhuma conexão de ${connector}. Você pode tentar novamente com o mesmo link.`,
    tryAgain: 'Tentar novamente',
  },
  held: {
    code: {
      title: 'Digite este código',
      heading: (names) => `Digite este código ${inApp(names)}`,
      text: (names) =>
        `Sua conta de ${names.connector} ainda não está conectada ${withApp(names)}${as(names)}. Volte ${toApp(names)} e digite o código lá em até 15 minutos.`,
      status: 'Aguardando o código.',
      warning: (names) =>
        `Digite o código apenas se for você quem usa ${names.application ?? 'o aplicativo'}${as(names)}. Nunca o dê a outra pessoa: ela teria acesso à sua conta.`,
    },
    refused: {
      title: 'Não foi possível confirmar',
      text: (names) =>
        `O link foi usado em mais de um navegador, então não se sabe ao certo de quem é a conta. ${names.connector} não foi conectado. Volte ${toApp(names)}, peça um novo link e abra-o em um só navegador.`,
    },
    elsewhere: {
      title: 'Falta pouco',
      enterCode: (names) => `Digite ${inApp(names)} o código que aparece no navegador em que você concluiu.`,
      goBack: (names) => `Volte ${toApp(names)} para concluir.`,
    },
    retry: ({ provider }) => `${provider} ainda não responde. Esta página tenta novamente.`,
  },
  cancel: {
    button: 'Cancelar',
    title: 'Você cancelou',
    text: ({ connector }) =>
      `${connector} não foi conectado. Você pode tentar novamente com o mesmo link até ele expirar.`,
  },
  handOver: {
    offer: 'Não sou a pessoa responsável: passar para um colega',
    title: 'Passar para um colega',
    text: (names) =>
      `Você recebe um endereço para a pessoa que pode conectar ${names.connector}${target(names)}. Enquanto isso, você não pode fazer a conexão, mas pode pegar o link de volta.`,
    yourName: 'Seu nome, que a outra pessoa verá (opcional)',
    message: 'Mensagem para a outra pessoa (opcional)',
    create: 'Criar o endereço',
    back: 'Voltar',
    impossible: {
      title: 'Não é possível passar adiante',
      text: ({ connector }) =>
        `O link para conectar ${connector} só pode ser usado por você, ou já foi passado adiante vezes demais.`,
    },
    waiting: 'Passado para outra pessoa',
    send: ({ connector }) =>
      `Envie este endereço em uma mensagem privada. Todas as pessoas que o tiverem podem conectar ${connector} por você. Ele é mostrado até a outra pessoa abri-lo.`,
    hidden:
      'O endereço só é mostrado no navegador em que foi criado. Se você não o tem mais, pegue o link de volta e passe-o adiante novamente.',
    address: 'Endereço para a outra pessoa',
    copy: 'Copiar o endereço',
    copied: 'Copiado',
    notOpened: 'A outra pessoa ainda não abriu o endereço.',
    opened: ({ connector }) => `A outra pessoa abriu o endereço e já pode conectar ${connector}.`,
    next: ({ connector }) =>
      `Quando ${connector} estiver conectado, você verá nesta página. Você ainda pode pegar o link de volta e usá-lo.`,
    takeBack: 'Pegar de volta',
    takenBack: 'Você pegou o link de volta. O endereço da outra pessoa não funciona mais.',
    expired: 'O endereço da outra pessoa expirou. Você pode usar o link novamente.',
    declined: 'A outra pessoa recusou. Você pode usar o link novamente.',
  },
  request: {
    title: (names) => `Conectar ${names.connector} para ${names.endUser ?? 'um colega'}`,
    text: (names) =>
      `${names.endUser ?? 'Um colega'} gostaria que você conectasse ${names.connector} ${withApp(names)}, e poderá usar a conta ali.`,
    message: 'Mensagem para você:',
    caution:
      'Continue somente se souber quem enviou este endereço e se tiver permissão para conectar esta conta.',
    declineHeading: 'Não quero conectar',
    reason: 'Motivo, que a outra pessoa verá (opcional)',
    decline: 'Recusar',
    declined: {
      title: 'Você recusou',
      text: ({ connector }) =>
        `${connector} não foi conectado. A outra pessoa será avisada. Você pode fechar esta janela.`,
    },
    withdrawn: {
      title: 'Este endereço não funciona mais',
      text: ({ connector }) =>
        `O pedido para conectar ${connector} foi retirado ou recusado, ou expirou. Você pode fechar esta janela.`,
    },
    connected: (names) =>
      `${names.connector} está conectado ${withApp(names)} para ${names.endUser ?? 'a outra pessoa'}. Você pode fechar esta janela.`,
    toBeConfirmed: (names) =>
      `A outra pessoa precisa confirmar ${inApp(names)} que ${names.connector} está conectado. Você pode fechar esta janela.`,
  },
}
