// Names of ten parts of the world: given names, surnames, and stems and endings that more surnames are made of, so that
// a large directory has thousands of different ones, as a real one has.

export const CULTURES = [
  {
    given: "Olivia Emma Charlotte Amelia Hannah Abigail James William Henry Lucas Benjamin Samuel Gareth Vicki Anna Savannah".split(" "),
    surnames: "Smith Johnson Anderson Garfield Garcia O'Brien O'Connor McDonald MacKenzie Taylor Walker Wright Edgar".split(" "),
    stems: "Whit Brad Har Ash Brook Cal Dal East Fair Green Hart Kings Lang Mar North Old Pres Rad Stan Thorn West Win".split(" "),
    endings: "field ford ham ley man mont more rick shaw smith son stead ston ton wood worth".split(" "),
  },
  {
    given: "Łukasz Paweł Małgorzata Żaneta Agnieszka Krzysztof Wojciech Świętosława Michał Józef Grażyna Zdzisław Anna".split(" "),
    surnames: "Nowak Wójcik Łoś Dąbrowski Wiśniewska Zieliński Szymańska Woźniak Jabłoński Kaczmarek Pawłowicz Łukasik".split(" "),
    stems: "Kowal Mazur Adam Piotr Jan Stefan Wilk Sokoł Lis Jagieł Król Gór Brzoz Kamiń Zaw Mał Rog Sad".split(" "),
    endings: "ski ska czyk ewski ewska owicz iński ińska ak ek owski".split(" "),
  },
  {
    given: "Jürgen Günther Käthe Sören Björn Jörg Lukas Annika Hannelore Wolfgang Anneliese Jonas Mia Leonie Tomasz".split(" "),
    surnames: "Müller Groß Weiß Strauß Schröder Größler Köhler Jäger Schäfer Krämer Voß Preuß Müllerschön Weißhaupt".split(" "),
    stems: "Acker Bau Berg Eichen Feld Hof Kirsch Linden Ober Rosen Schön Stein Tannen Unter Wald Wein".split(" "),
    endings: "mann berger bauer hauser meier müller schmidt weiß hofer stätter".split(" "),
  },
  {
    given: "Søren Åse Bjørn Jørgen Ingrid Kåre Øyvind Astrid Håkon Mette Anne-Marie Gudrun Þór Guðrún Sören".split(" "),
    surnames: "Sørensen Ødegård Kjær Åkesson Lindqvist Björklund Østergård Jónsdóttir Þórðarson Ægisson Sjöberg".split(" "),
    stems: "Lind Berg Sjö Hag Ek Gran Holm Lund Nord Ros Strand Söder Väster Ny Björk Al".split(" "),
    endings: "qvist gren ström berg dahl mark stedt ing kvist løkke ås".split(" "),
  },
  {
    given: "René Éloïse Noël Françoise Zoé Chloé Benoît Jérôme Hélène Gaëlle Joséphine Annabelle Thibault".split(" "),
    surnames: "Lefèvre Béranger Dubois Côté Gauthier Beaumont Nuñez D'Arcy L'Hôpital Sévigné Préjean".split(" "),
    stems: "Beau Bel Char Cler Dela Font Gran Haut Lam Mont Per Rich Saint Vill".split(" "),
    endings: "mont champ ard eau bert court ville fort eux in ault".split(" "),
  },
  {
    given: "José Íñigo María Núria Andrés Mónica Sebastián Joaquín Begoña Anahí João Conceição Josefina".split(" "),
    surnames: "Muñoz Peña Ibáñez Núñez Gutiérrez Fernández Vázquez Araújo Magalhães Gonçalves Garza Muñiz".split(" "),
    stems: "Álvar Benít Domíngu Estév Gonzál Hernánd Jimén Lóp Márqu Ordóñ Pér Ramír Rodrígu Sánch Velázqu".split(" "),
    endings: "ez es az o a".split(" "),
  },
  {
    given: "Jiří Šárka Božena Václav Ľudmila Zdeněk Ondřej Ștefan Ioana Háčkův Ágnes Győző Zsófia Đorđe Željko".split(" "),
    surnames: "Dvořák Novák Růžička Šťastný Ionescu Țepeș Szabó Kőszegi Đoković Žižka Petrović Lukáč".split(" "),
    stems: "Pet Mar Jov Nik Ili Hor Svob Kuč Vesel Procház Popov Stan Tom Rad".split(" "),
    endings: "ović ová ka ský escu ák ík enko ić".split(" "),
  },
  {
    given: "İbrahim Işıl Çağlar Gülşen Ömer Ayşe Şükrü Tuğba Nguyễn Thị Đặng Hằng Văn Lâm".split(" "),
    surnames: "Yıldız Öztürk Şahin Çelik Kılıç Gökçe Nguyễn Trần Phạm Huỳnh Võ Đặng Kurtoğlu".split(" "),
    stems: "Demir Kara Ak Gök Taş Yıl Öz Bay Kır Sarı Er Ay".split(" "),
    endings: "oğlu can taş türk soy er bulut kaya dağ el".split(" "),
  },
  {
    given: "Γιώργος Ελένη Νίκος Μαρία Алексей Наталья Дмитрий Ольга Сергей Анна".split(" "),
    surnames: "Παπαδόπουλος Γεωργίου Νικολάου Иванов Кузнецова Соловьёв Фёдорова Шевченко".split(" "),
    stems: "Петр Сидор Морозов Волк Лебед Козл Орл Зайц".split(" "),
    endings: "ов ова ин ина енко ский ская".split(" "),
  },
  {
    given: "伟 芳 秀英 健太 美咲 陽菜 지우 서준 민서 Wei Xiu Haruto Jiwoo".split(" "),
    surnames: "王 李 张 佐藤 鈴木 高橋 김 이 박 Wang Sato Tanaka Kim Park".split(" "),
    stems: "Yama Naka Taka Kawa Mori Oka Fuji Matsu Hashi Ishi".split(" "),
    endings: "moto mura shita guchi da no hara zaki".split(" "),
  },
];

/** How often a culture's names occur, one number each. */
export const SHARES = [28, 11, 13, 10, 8, 12, 6, 6, 3, 3];

export const ZONES = (
  "Europe/Berlin Europe/Warsaw Europe/Paris Europe/London Europe/Madrid Europe/Oslo Europe/Prague Europe/Athens " +
  "Europe/Istanbul Europe/Lisbon America/New_York America/Chicago America/Denver America/Los_Angeles America/Mexico_City " +
  "America/Sao_Paulo America/Bogota Asia/Tokyo Asia/Seoul Asia/Shanghai Asia/Ho_Chi_Minh Asia/Kolkata Australia/Sydney UTC"
).split(" ");

export const DOMAINS = "example.com example.org example.net mail.example sales.example support.example examplecorp.test".split(" ");
