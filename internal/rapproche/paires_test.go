package rapproche_test

// pairesFaites are read by TestPairesFaites: what is wanted, and two records.
const pairesFaites = `
sur | liste ; nom=France services d'Essai-sur-Tarn ; adresse=1 Place de la Gare | nom=Maison France Services de Essai sur Tarn ; adresse=1 place de la gare
sur | liste ; nom=France services d'Essai-sur-Tarn ; adresse=Place du Monument | nom=MFS d'Essai-sur-Tarn ; adresse=5 Place du Monument du Souvenir Français
sur | liste ; nom=France services d'Essai-sur-Tarn ; adresse=5-9 Rue des Papetiers | nom=EFS ; adresse=9 rue des Papetiers ; tel=1
sur | liste ; nom=France services La Poste d'Essai-sur-Tarn ; adresse=69 Cours de Verdun | nom=La Poste d'Essai-sur-Tarn ; adresse=69 cours de Verdun ; typo=LA_POSTE
sur | liste ; nom=France services d'Essai-sur-Tarn ; adresse=20 Rue des Écoliers ; tel=1 | nom=Point numérique ; adresse=20 rue des écoliers ; tel=2
sur | liste ; nom=France services d'Essai-sur-Tarn ; adresse=20 Rue des Écoliers | nom=Espace Public Numérique d'Essai-sur-Tarn ; adresse=20 rue des écoliers
sur | liste ; nom=France services d'Essai-sur-Tarn ; adresse=Place de la Mairie ; tel=1 | nom=Point numérique ; adresse=Place de la mairie ; tel=1
pas sur | nom=Médiathèque d'Essai-sur-Tarn ; adresse=20 rue Haute | nom=Point numérique ; adresse=20 rue Haute
sur | nom=MSAP d'Essai-sur-Tarn ; adresse=3 rue Basse | nom=Maison de services au public ; adresse=3 r Basse
sur | nom=CCAS d'Essai-sur-Tarn ; adresse=4 rue Haute | nom=Centre communal d'action sociale d'Essai sur Tarn ; adresse=4 rue Haute
sur | nom=C.C.A.S. d'Essai-sur-Tarn ; adresse=4 rue Haute ; tel=1 | nom=Centre communal d'actions sociales ; adresse=4 rue Haute ; tel=1
sur | nom=CIAS du Pays Haut ; adresse=4 rue Haute | nom=Centre intercommunal d'action sociale du Pays Haut ; adresse=4 rue Haute
sur | nom=PIJ d'Essai-sur-Tarn ; adresse=4 rue Haute | nom=Point Information Jeunesse ; adresse=4 rue Haute
sur | nom=BIJ d'Essai-sur-Tarn ; adresse=4 rue Haute | nom=Bureau Information Jeunesse d'Essai ; adresse=4 rue Haute ; typo=PIJ_BIJ ; tel=1
sur | nom=MJC Saint-Exemple ; adresse=4 rue Haute | nom=Maison des jeunes et de la culture St Exemple ; adresse=4 rue Haute
sur | nom=CC du Val Profond ; adresse=4 rue Haute | nom=Communauté de communes du Val Profond ; adresse=4 rue Haute
sur | nom=CA du Grand Val ; adresse=4 rue Haute | nom=Communauté d'agglomération du Grand Val ; adresse=4 rue Haute
sur | nom=CdC du Val Profond ; adresse=4 rue Haute | nom=Communauté de communes Val profond ; adresse=4 rue Haute
sur | nom=Udaf 82 ; adresse=4 rue Haute | nom=Union départementale des associations familiales 82 ; adresse=4 rue Haute
sur | nom=PIMMS d'Essai-sur-Tarn ; adresse=213 bis CRS DE LA MARNE | liste ; nom=France services Pimms Médiation d'Essai-sur-Tarn ; adresse=213Bis Cours de la Marne
sur | nom=EPN de Cardaillac ; adresse=4 rue Haute | nom=Espace public numérique Cardaillac ; adresse=4 rue Haute
sur | nom=Mairie ; adresse=20 place de l'Hôtel de Ville ; tel=1 | nom=Marie d'Essai-sur-Tarn ; adresse=20 pl de l'hotel de ville ; tel=1
sur | nom=MDS de Cardaillac ; adresse=133 avenue Léon Exemple | nom=Maison départementale des solidarités Cardaillac ; adresse=133 av Leon Exemple
sur | nom=Ste-Exemple solidaire ; adresse=4 rue St-Jean | nom=Sainte Exemple Solidaire ; adresse=4 rue Saint Jean
sur | nom=Femmes Relais ; adresse=17 Bis Rue Laurent Exemple | nom=Femme Relais ; adresse=17bis rue laurent exemple
sur | nom=Bibliothèque Emmanuel Exemple ; adresse=1 rue du Dr Heydenrich | nom=Bibliothèque Emmanuel Exemple ; adresse=1 rue du Docteur Heydenreich
sur | nom=La Fabuleuse ; adresse=6 avenue Pierre Exemple France | nom=La fabuleuse ; adresse=6 rue Pierre Exemple France ; tel=1
sur | nom=Toile de Graines ; adresse=27bis Avenue de la Trillade ; tel=1 | nom=Toile de graines ; adresse=27 b avenue de la Trillade ; tel=1
sur | nom=La Mémo ; adresse=12 rue Haute BP 81005 | nom=La Mémo ; adresse=12 rue Haute
sur | nom=La Mémo ; adresse=Quai des Mondes - 4 rue Calmette ; tel=1 | nom=La Mémo ; adresse=4 Rue Calmettes ; tel=1
sur | nom=Pôle S Essai-sur-Tarn ; adresse=142 Jean Exemple | nom=Lepoles ; adresse=142 avenue Jean Exemple
sur | nom=CC Autre Val ; adresse=485 rue des Valets ; tel=1 ; mail=infos@val.fr | nom=3CM ; adresse=485 Rue Valets ; tel=1 ; mail=infos@val.fr
sur | nom=Maison du département de Plan Bas ; adresse=368 avenue Porte des Alpes ; commune=Levens ; cp=06670 ; tel=1 | nom=Maison du Département de Plan Bas ; adresse=368 avenue porte des Alpes ; commune=Plan Bas ; cp=06670 ; tel=1
sur | nom=Calade ; adresse=1 rue de la Poterie ; commune=Sommières ; cp=30250 | nom=Calade ; adresse=1 rue Poterie ; commune=SOMMIERES-BP 81005 ; cp=30250
sur | nom=La Licorne ; adresse=5 rue Haute ; commune=Marseille 11 ; cp=13011 | nom=La Licorne ; adresse=5 rue Haute ; commune=Marseille ; insee=13211 ; cp=13011
sur | nom=La Licorne ; adresse=5 rue Haute ; commune=Lyon 8eme ; cp=69008 | nom=La Licorne ; adresse=5 rue Haute ; commune=Lyon ; cp=69000
sur | nom=La Licorne ; adresse=5 rue Haute ; commune=Montauban cedex ; cp=82013 | nom=La Licorne ; adresse=5 rue Haute ; commune=MONTAUBAN ; cp=82000
oui | nom=La Licorne ; adresse=Adresse non précisée ; lat=44.1 ; lon=1.1 ; centre | nom=La Licorne ; adresse=5 rue Haute
oui | nom=Médiathèque d'Essai-sur-Tarn ; adresse=Rue des Cordeliers ; tel=1 ; mail=m@essai.fr | nom=Médiathèque ; adresse=Palais épiscopal ; tel=1 ; mail=m@essai.fr
oui | liste ; nom=France services d'Essai-sur-Tarn ; adresse=26 avenue des Arcades ; lat=44.10001 ; lon=1.1 | label ; nom=Permanence France Services ; adresse=22 avenue des Arcades ; lat=44.1002 ; lon=1.1
oui | liste ; nom=France services d'Essai-sur-Tarn ; adresse=11 Place Haute ; tel=1 | nom=Mairie d'Essai-sur-Tarn ; adresse=11 place Haute ; tel=1
oui | liste ; nom=France services d'Essai-sur-Tarn ; adresse=5 Place Exemple ; dans=Centre social Cap de Tout ; tel=1 | label ; nom=Centre social Cap de Tout ; adresse=Rue Basse ; tel=1
oui | liste ; flux=f ; nom=France services d'Essai-sur-Tarn ; adresse=1 rue Haute ; tel=1 | liste ; flux=f ; nom=France services d'Essai-sur-Tarn ; adresse=1 rue Haute ; tel=1
sur | flux=c ; nom=Espace Jeunesse ; adresse=28 rue Haute | flux=c ; nom=Espace Jeunesse ; adresse=28 rue haute
pas sur | flux=c ; nom=Pension Bleue ; adresse=28 rue Haute ; tel=1 ; mail=x@essai.fr | flux=c ; nom=Atelier Rouge ; adresse=28 rue haute ; tel=1 ; mail=x@essai.fr
non | nom=Médiathèque d'Essai-sur-Tarn ; adresse=1 rue Haute ; tel=1 | nom=Point information jeunesse d'Essai-sur-Tarn ; adresse=1 rue Haute ; tel=1
non | nom=Médiathèque Jean Exemple ; adresse=1 rue Haute | nom=PIJ Jean Exemple ; adresse=1 rue Haute
non | nom=Bibliothèque Champs ; adresse=15 rue Haute | nom=Espace Social Champs ; adresse=15 rue Haute
non | nom=Mission locale du Grand Val ; adresse=88 rue Haute | nom=Maison de l'Emploi du Grand Val ; adresse=88 rue Haute
non | nom=Mairie de quartier Saint Éloi ; adresse=15 rue Haute ; tel=1 ; mail=c@essai.fr | nom=Médiathèque de St Eloi ; adresse=15 rue Haute ; tel=1 ; mail=c@essai.fr
non | liste ; flux=f ; nom=France services de Haut ; commune=Haut ; cp=82101 ; adresse=Mairie ; tel=1 ; mail=fs@cc.fr | liste ; flux=f ; nom=France services de Bas ; commune=Bas ; cp=82102 ; adresse=Mairie ; tel=1 ; mail=fs@cc.fr
non | liste ; nom=France services Pimms Haut ; commune=Haut ; cp=82101 ; adresse=1 rue A ; tel=1 ; mail=h@pimms.org | nom=France services Pimms Haut ; commune=Bas ; cp=82102 ; adresse=1 rue A ; tel=1 ; mail=h@pimms.org
non | nom=Mairie de Noyelles ; commune=Noyelles ; cp=62490 ; adresse=3 rue de la Mairie ; tel=1 | nom=Mairie de Vitry ; commune=Vitry ; cp=62490 ; adresse=3 rue de la Mairie ; tel=1
non | nom=Mairie de Saint-Joseph ; commune=Saint-Joseph ; insee=97212 ; cp=97212 ; adresse=Mairie | nom=Mairie de Saint-Joseph ; commune=Saint-Joseph ; insee=97412 ; cp=97480 ; adresse=Mairie
non | nom=La Poste d'Essai-sur-Tarn ; adresse=4 cours Haut ; pivot=35600000000524 | nom=La Poste d'Essai-sur-Tarn ; adresse=9 rue Basse ; pivot=35600000000524
non | nom=Maison de quartier Verte ; adresse=4 cours Haut ; pivot=73282932000074 | nom=Maison de quartier Bleue ; adresse=9 rue Basse ; pivot=73282932000074
non | nom=Atelier Vert ; adresse=Adresse non précisée ; pivot=73282932000074 | nom=Cantine Bleue ; adresse=9 rue Basse ; pivot=73282932000074
non | nom=Atelier Vert ; adresse=4 cours Haut ; pivot=00000000000000 | nom=Cantine Bleue ; adresse=4 cours Haut ; pivot=00000000000000
non | nom=Atelier Vert ; adresse=4 cours Haut ; lat=44.1 ; lon=1.1 | nom=Cantine Bleue ; adresse=9 rue Basse ; lat=44.1 ; lon=1.1
non | nom=Croix-Rouge ; adresse=4 cours Haut ; lat=44.1 ; lon=1.1 | nom=Atelier Vert ; adresse=20 cours Haut ; lat=44.1 ; lon=1.1
non | liste ; nom=Bus France services d'Essai-sur-Tarn ; itinerance=Itinérant ; adresse=93 rue Haute | nom=Communauté d'agglomération du Val ; adresse=93 rue Haute
non | liste ; flux=f ; nom=Bus France services Pimms Essai ; itinerance=Itinérant ; adresse=93 rue Haute ; tel=1 ; mail=e@pimms.org | liste ; flux=f ; nom=France services Pimms Essai ; adresse=93 rue Haute ; tel=1 ; mail=e@pimms.org
pas sur | liste ; nom=Bus France services d'Essai-sur-Tarn ; itinerance=Itinérant ; adresse=93 rue Haute ; tel=1 | nom=France services d'Essai-sur-Tarn ; adresse=93 rue Haute ; tel=1
non | flux=c ; nom=MDF Nord itinérante : passage le 2/12 ; adresse=Place Haute ; commune=Haut ; cp=42101 ; pivot=73282932000074 | flux=c ; nom=MDF Nord itinérante : passage le 3/12 ; adresse=Place Haute ; commune=Bas ; cp=42102 ; pivot=73282932000074
non | nom=Maison Pour Tous A. Exemple ; adresse=118 rue Haute ; tel=1 | nom=Maison Pour Tous M. Modèle ; adresse=205 rue Basse ; tel=1
non | nom=Centre Social des Fleurs ; adresse=1 rue Haute ; tel=1 ; mail=cs@essai.fr | nom=Centre Social des Arbres ; adresse=9 rue Basse ; tel=1 ; mail=cs@essai.fr
non | nom=Groupe XYZ solidarités ; adresse=3 rue Haute | nom=Groupe XYZ solidarités ; adresse=24 rue Basse
non | nom=Familles rurales de Haut ; commune=Haut ; cp=42101 ; adresse=1 rue A ; tel=1 ; mail=fr@orange.fr | nom=Familles rurales de Bas ; commune=Bas ; cp=42102 ; adresse=1 rue A ; tel=1 ; mail=fr@orange.fr
pas sur | nom=Atelier Zibeline ; pivot=12345678901234 ; adresse=Adresse non précisée | nom=Atelier Zibeline ; pivot=12345678901234 ; adresse=1 rue Haute
pas sur | nom=CC Exemple ; adresse=13 place Haute | nom=France services d'Essai-sur-Tarn ; adresse=13 place Haute
pas sur | nom=Résidence Exemple ; adresse=Place de l'Église | nom=Club Modèle ; adresse=Place de l'église ; tel=1
`
