/** The group's ERP. */
export const ERP = "/erp/group";
/** The desks that keep the formulary and the record of controlled substances for all sites. */
export const PHARMACY_DESK = "/pharmacy/group";
/** The desks that keep contracts and bring in suppliers for all sites. */
export const PROCUREMENT_DESK = "/procurement/group";
