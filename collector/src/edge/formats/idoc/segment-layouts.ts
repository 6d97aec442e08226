/** The fields of a record, in their order, with the characters that each takes. What has no name is passed over. */
export type RecordLayout = readonly { name: string; length: number }[];

/** The control record of an IDoc in a file (EDI_DC40): the first line of each. */
export const CONTROL_RECORD = toLayout(
  "TABNAM:10 MANDT:3 DOCNUM:16 DOCREL:4 STATUS:2 DIRECT:1 OUTMOD:1 EXPRSS:1 TEST:1 IDOCTYP:30 CIMTYP:30 MESTYP:30 MESCOD:3 MESFCT:3 STD:1 STDVRS:6 STDMES:6 SNDPOR:10 SNDPRT:2 SNDPFC:2 SNDPRN:10 SNDSAD:21 SNDLAD:70 RCVPOR:10 RCVPRT:2 RCVPFC:2 RCVPRN:10 RCVSAD:21 RCVLAD:70 CREDAT:8 CRETIM:6",
);

/** What stands before the fields of a segment (EDI_DD40). */
export const DATA_RECORD = toLayout("SEGNAM:30 MANDT:3 DOCNUM:16 SEGNUM:6 PSGNUM:6 HLEVEL:2");

/** A record of a status file (EDI_DS40), up to the number of the message that says why. */
export const STATUS_RECORD = toLayout(
  "TABNAM:10 MANDT:3 DOCNUM:16 LOGDAT:8 LOGTIM:6 STATUS:2 STAMQU:3 STAMID:20 STAMNO:3",
);

/**
 * The fields of segments, up to the last that a mapping asks for; later releases only add behind them. What stands behind, and
 * segments that are not here, stay at the edge.
 */
export const SEGMENT_LAYOUTS: ReadonlyMap<string, RecordLayout> = new Map(
  Object.entries({
    E1EDK01: "ACTION:3 KZABS:1 CURCY:3 HWAER:3 WKURS:12 ZTERM:17 KUNDEUINR:20 EIGENUINR:20 BSART:4 BELNR:35",
    E1EDK02: "QUALF:3 BELNR:35 POSNR:6 DATUM:8 UZEIT:6",
    E1EDK03: "IDDAT:3 DATUM:8 UZEIT:6",
    E1EDKA1: "PARVW:3 PARTN:17",
    E1EDP01: "POSEX:6 ACTION:3 PSTYP:1 KZABS:1 MENGE:15 MENEE:3 BMNG2:15 PMENE:3 ABFTZ:7 VPREI:15 PEINH:9 NETWR:18",
    E1EDP02: "QUALF:3 BELNR:35 ZEILE:6 DATUM:8 UZEIT:6",
    E1EDP03: "IDDAT:3 DATUM:8 UZEIT:6",
    E1EDP19: "QUALF:3 IDTNR:35",
    E1EDP20: "WMENG:15 AMENG:15 EDATU:8",
    E1EDP26: "QUALF:3 BETRG:18",
    E1EDS01: "SUMID:3 SUMME:18 SUNIT:3 WAERQ:3",
    E1EDL20: "VBELN:10",
    E1EDL24:
      "POSNR:6 MATNR:18 MATWA:18 ARKTX:40 ORKTX:40 SUGRD:4 SUDRU:1 MATKL:9 WERKS:4 LGORT:4 CHARG:10 KDMAT:22 LFIMG:15 VRKME:3 LGMNG:15 MEINS:3 :90 EAN11:18 :552 VFDAT:8",
    E1EDL41: "QUALI:3 BSTNR:35 BSTDT:8 BSARK:4 IHREZ:12 POSEX:6",
    E1MBGMCR: "",
    E1STATS: "TABNAM:10 MANDT:3 DOCNUM:16 LOGDAT:8 LOGTIM:6 STATUS:2 :50 STACOD:8",
    E1BP2017_GM_HEAD_01: "PSTNG_DATE:8 DOC_DATE:8 REF_DOC_NO:16",
    E1BP2017_GM_ITEM_CREATE:
      "MATERIAL:18 PLANT:4 STGE_LOC:4 BATCH:10 MOVE_TYPE:3 STCK_TYPE:1 SPEC_STOCK:1 VENDOR:10 CUSTOMER:10 SALES_ORD:10 S_ORD_ITEM:6 SCHED_LINE:4 VAL_TYPE:10 ENTRY_QNT:15 ENTRY_UOM:3 ENTRY_UOM_ISO:3 PO_PR_QNT:15 ORDERPR_UN:3 ORDERPR_UN_ISO:3 PO_NUMBER:10 PO_ITEM:5",
  }).map(([segment, fields]) => [segment, toLayout(fields)]),
);

function toLayout(fields: string): RecordLayout {
  if (fields === "") return [];
  return fields.split(" ").map((field) => {
    const [name = "", length = ""] = field.split(":");
    return { name, length: Number(length) };
  });
}
