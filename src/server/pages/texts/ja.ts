import type { ApplicationName, Names } from '../names.ts'
import type { Texts } from './en.ts'

const app = ({ application }: ApplicationName) => (application === null ? 'アプリ' : `${application} `)
/** After a word; after punctuation there is no space. */
const inText = (names: ApplicationName) => (names.application === null ? app(names) : ` ${app(names)}`)
const as = ({ endUser }: Names) => (endUser === null ? '' : `(${endUser})`)
const target = (names: Names) =>
  names.application === null ? as(names) : ` ${names.application}${as(names)} に`

export const ja: Texts = {
  page: {
    footer: ({ application }) =>
      application === null
        ? 'このページで、ほかのサービスのアカウントを接続します。'
        : `このページで、ほかのサービスのアカウントを ${application} に接続します。`,
    support: 'ヘルプ',
    privacy: 'プライバシー',
    back: (names) => `${app(names)}に戻る`,
    moment: 'お待ちください',
    continue: '続ける',
    openToContinue: '結果を見るには、このページを開いてください。',
    reload: '結果を見るには、このページを再読み込みしてください。',
  },
  error: {
    notFound: {
      title: 'ページが見つかりません',
      text: 'このアドレスにページはありません。',
    },
    unknownLink: {
      title: 'このリンクは存在しません',
      text: 'リンクの一部が欠けている可能性があります。受け取った場所からもう一度開くか、新しいリンクを依頼してください。',
    },
    failure: {
      title: '問題が発生しました',
      text: '現在このページを表示できません。1 分後にもう一度お試しください。',
    },
    tooManyRequests: {
      title: 'リクエストが多すぎます',
      text: 'お使いのネットワークから多くのリクエストがありました。1 分待ってから、このページを再読み込みしてください。',
    },
  },
  link: {
    connect: (names) => `${names.connector} を${target(names)}接続`,
    reconnect: (names) => `${names.connector} を${target(names)}再接続`,
    via: ({ provider }) => `${provider} を使用`,
    footer: (names) => `${names.connector} のパスワードが${inText(names)}に知られることはありません。`,
    providerLogin: ({ provider }) =>
      `続ける前に、運営者の組織のメンバーとして ${provider} にログインしていることを確認してください。`,
    continue: ({ provider }) => `${provider} に進む`,
    waiting: ({ provider }) => `${provider} での手続きの完了を待っています。`,
    newTab: ({ provider }) => `${provider} が新しいタブで開きます。`,
    keepOpen: 'このページは開いたままにしてください。完了すると自動的に進みます。',
    whenDone: '完了したら、このページに戻ってください。',
    checkResult: '結果を確認する',
    nameConnection: (name) => `接続に「${name}」という名前を付けてください。`,
    shareConnection: '組織全体で使えるようにしてください。',
  },
  result: {
    connected: {
      title: '接続しました',
      text: (names) =>
        `${names.connector} のアカウントを${target(names)}接続しました。このウィンドウを閉じて、${app(names)}に戻ることができます。`,
    },
    used: {
      title: 'すでに接続されています',
      text: ({ connector }) =>
        `${connector} はこのリンクですでに接続されています。このウィンドウを閉じてかまいません。`,
    },
    expired: {
      title: 'このリンクの有効期限が切れました',
      text: (names) =>
        `${names.connector} は接続されませんでした。${app(names)}に戻り、新しいリンクを依頼してください。`,
    },
    revoked: {
      title: 'このリンクは取り消されました',
      text: (names) =>
        `${app(names)}で取り消されました。${names.connector} の接続が必要な場合は、${app(names)}に戻り、新しいリンクを依頼してください。`,
    },
    superseded: {
      title: '新しいリンクがあります',
      text: ({ connector }) =>
        `${connector} を接続するこのリンクは置き換えられました。最後に受け取ったリンクを使ってください。`,
    },
    failed: {
      title: '接続できませんでした',
      text: (names) =>
        `${names.connector} を接続できませんでした。${app(names)}に戻り、新しいリンクでもう一度お試しください。`,
    },
    suspended: {
      title: '現在は接続できません',
      text: ({ connector }) =>
        `接続に使うサービスに問題があるため、${connector} の接続を一時停止しています。しばらくしてから、このアドレスをもう一度開いてください。`,
    },
    elsewhere: {
      title: 'このウィンドウを閉じることができます',
      text: ({ connector }) => `結果は、${connector} の接続を始めた画面に表示されます。`,
    },
  },
  pending: {
    title: 'もうすぐ完了です',
    text: (names) => `${names.provider} が ${names.connector} を${target(names)}接続する準備をしています。`,
    keepOpen: '完了するまで、このウィンドウを開いたままにしてください。',
    mayClose: 'このウィンドウを閉じても、結果は失われません。',
    status: ({ provider }) => `${provider} の確認を待っています。`,
  },
  denied: {
    title: '何も接続されませんでした',
    text: ({ provider, connector }) =>
      `${provider} から ${connector} の接続は報告されませんでした。同じリンクでもう一度お試しいただけます。`,
    tryAgain: 'もう一度試す',
  },
  held: {
    code: {
      title: 'このコードを入力してください',
      heading: (names) => `${app(names)}でこのコードを入力してください`,
      text: (names) =>
        `${names.connector} のアカウントはまだ${inText(names)}${as(names)}に接続されていません。${app(names)}に戻り、15 分以内にコードを入力してください。`,
      status: 'コードの入力を待っています。',
      warning: (names) =>
        `ご自身が${inText(names)}${as(names)}を使っている場合にのみ、コードを入力してください。ほかの人には決して教えないでください。アカウントにアクセスされるおそれがあります。`,
    },
    refused: {
      title: '確認できませんでした',
      text: (names) =>
        `リンクが複数のブラウザーで使われたため、誰のアカウントか確認できません。${names.connector} は接続されませんでした。${app(names)}に戻り、新しいリンクを依頼して、1 つのブラウザーだけで開いてください。`,
    },
    elsewhere: {
      title: 'あと少しです',
      enterCode: (names) =>
        `手続きを完了したブラウザーに表示されているコードを、${app(names)}で入力してください。`,
      goBack: (names) => `完了するには${inText(names)}に戻ってください。`,
    },
    retry: ({ provider }) => `${provider} がまだ応答していません。このページで再試行します。`,
  },
  cancel: {
    button: 'キャンセル',
    title: 'キャンセルしました',
    text: ({ connector }) =>
      `${connector} は接続されていません。有効期限までは同じリンクでもう一度試せます。`,
  },
  handOver: {
    offer: '管理者ではないので、担当者に引き継ぐ',
    title: '担当者に引き継ぐ',
    text: (names) =>
      `担当者に送るアドレスを作成します。担当者がそのアドレスで ${names.connector} を${target(names)}接続します。その間、ご自身では接続できませんが、リンクを取り戻せます。`,
    yourName: 'お名前(担当者に表示されます。任意)',
    message: '担当者へのメッセージ(任意)',
    create: 'アドレスを作成する',
    back: '戻る',
    impossible: {
      title: '引き継ぐことができません',
      text: ({ connector }) =>
        `${connector} を接続するこのリンクは、ご本人だけが使えるか、引き継ぎの回数が上限に達しています。`,
    },
    waiting: '担当者に引き継ぎました',
    send: ({ connector }) =>
      `このアドレスを個人宛てのメッセージで担当者に送ってください。アドレスを知っている人は、あなたの代わりに ${connector} を接続できます。担当者が開くまで表示されます。`,
    hidden:
      'アドレスは作成したブラウザーにだけ表示されます。わからなくなった場合は、リンクを取り戻してからもう一度引き継いでください。',
    address: '担当者用のアドレス',
    copy: 'アドレスをコピー',
    copied: 'コピーしました',
    notOpened: '担当者はまだアドレスを開いていません。',
    opened: ({ connector }) => `担当者がアドレスを開きました。これから ${connector} を接続できます。`,
    next: ({ connector }) =>
      `${connector} が接続されると、このページに表示されます。リンクを取り戻して、ご自身で接続することもできます。`,
    takeBack: '取り戻す',
    takenBack: 'リンクを取り戻しました。担当者用のアドレスはもう使えません。',
    expired: '担当者用のアドレスの有効期限が切れました。リンクをご自身で使えます。',
    declined: '担当者が辞退しました。リンクをご自身で使えます。',
  },
  request: {
    title: (names) => `${names.endUser ?? '依頼者'} の代わりに ${names.connector} を接続`,
    text: (names) =>
      `${names.endUser ?? '同じ組織のメンバー'} が、${names.connector} を${inText(names)}に接続するよう依頼しています。接続すると、依頼者がそのアカウントを使えるようになります。`,
    message: '依頼者からのメッセージ:',
    caution: 'このアドレスの送り主を知っていて、このアカウントを接続する権限がある場合にだけ続けてください。',
    declineHeading: '接続しません',
    reason: '理由(依頼者に表示されます。任意)',
    decline: '辞退する',
    declined: {
      title: '辞退しました',
      text: ({ connector }) =>
        `${connector} は接続されていません。依頼者に通知されます。このウィンドウを閉じてかまいません。`,
    },
    withdrawn: {
      title: 'このアドレスは使えなくなりました',
      text: ({ connector }) =>
        `${connector} を接続する依頼は、取り消されたか、辞退されたか、有効期限が切れています。このウィンドウを閉じてかまいません。`,
    },
    connected: (names) =>
      `${names.connector} が ${names.endUser ?? '依頼者'} のために${inText(names)}に接続されました。このウィンドウを閉じてかまいません。`,
    toBeConfirmed: (names) =>
      `依頼者が${inText(names)}で ${names.connector} の接続を確認する必要があります。このウィンドウを閉じてかまいません。`,
  },
}
