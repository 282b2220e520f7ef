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
    tooManyRequests: {
      title: 'Solicitações demais',
      text: 'Muitas solicitações vieram da sua rede. Espere um minuto e recarregue esta página.',
    },
  },
  link: {
    connect: (names) => `Conectar ${names.connector}${target(names)}`,
    reconnect: (names) => `Reconectar ${names.connector}${target(names)}`,
    via: ({ provider }) => `por meio de ${provider}`,
    footer: ({ application, provider }) =>
      `Você entra na sua conta em ${provider}. Sua senha não é mostrada ${application === null ? 'ao aplicativo' : `a ${application}`}.`,
    providerLogin: ({ provider }) =>
      `Antes de continuar, verifique se você entrou em ${provider} como membro da organização do operador.`,
    continue: ({ provider }) => `Continuar para ${provider}`,
    waiting: ({ provider }) => `Aguardando você concluir em ${provider}.`,
    newTab: ({ provider }) =>
      `${provider} abre em uma nova guia. Deixe esta página aberta: ela continua automaticamente quando você terminar.`,
    whenDone: 'Quando terminar, volte para esta página.',
    checkResult: 'Verificar o resultado',
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
}
